package io.dualstack.impl.lease.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.impl.http.Health;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TestAuthority.Identity;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The HTTP API as the Silk daemon sees it, byte for byte, over real TLS on the loopback address.
 */
class LeaseServerTest {

  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/server_cert_file", "/server_key_file");

  @TempDir private static Path folder;
  private static TestAuthority authority;
  private static Identity serverIdentity;
  private static Identity clientIdentity;

  private final TestClock clock = TestClock.atNoon();
  private final AllocationStore store = new MemoryAllocationStore();
  private final PrometheusMeters meters = PrometheusMeters.of("the test", "silk_controller");
  private TlsServer server;
  private HttpClient client;

  @BeforeAll
  static void issue_certificates() {
    authority = TestAuthority.in(folder, "ca");
    serverIdentity = authority.issue("server");
    clientIdentity = authority.issue("client");
  }

  @BeforeEach
  void serve() throws IOException {
    serveAt(ANY);
    client = client(tls(authority, clientIdentity));
  }

  private void serveAt(InetSocketAddress address) throws IOException {
    LeaseRegistry registry =
        new StoreLeaseRegistry(
            store, LeasePool.of(IpPrefix.parse("10.255.0.0/29"), 30), clock, new Random(42));
    server = LeaseServer.start(address, tls(authority, serverIdentity), registry, meters);
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private static MutualTls tls(TestAuthority trusted, Identity own) {
    return MutualTls.read(trusted.certificate(), own.certificate(), own.key(), NAMES);
  }

  private static HttpClient client(MutualTls tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls.context())
        .sslParameters(tls.clientParameters())
        .build();
  }

  private URI uri(String path) {
    InetSocketAddress address = server.address();
    return URI.create(
        "https://%s:%d%s"
            .formatted(IpAddress.of(address.getAddress()).toUriHost(), address.getPort(), path));
  }

  private String call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private LeaseRegistry remote() {
    return remote(clientIdentity);
  }

  private LeaseRegistry remote(Identity identity) {
    return HttpLeaseRegistry.open(
        new RemoteLeases(
            uri("/"),
            authority.certificate(),
            identity.certificate(),
            identity.key(),
            Duration.ofSeconds(60)));
  }

  @Test
  void a_cell_reaches_the_registry_by_an_address_of_ipv6() throws IOException {
    server.close();
    serveAt(new InetSocketAddress("::1", 0));
    LeaseRegistry registry = remote();

    CellLease lease = registry.acquire(IpAddress.parse("10.0.1.5"), LeaseKind.BLOCK);
    registry.renew(lease);
    assertThat(registry.leases()).containsExactly(lease);
    registry.release(lease.underlayIp());
    assertThat(registry.leases()).isEmpty();

    int port = server.address().getPort();
    server.close();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(registry::leases)
        .withMessageStartingWith("https://[::1]:" + port + "/leases: ");
  }

  // Bytes

  @Test
  void acquires_lists_renews_and_releases() throws Exception {
    assertThat(call("GET", "/leases", "")).isEqualTo("200 {\"leases\":[]}");

    // The pool has one block, so that random is no choice.
    String lease =
        "{\"underlay_ip\":\"10.0.1.5\",\"overlay_subnet\":\"10.255.0.4/30\","
            + "\"overlay_hardware_addr\":\"ee:ee:0a:ff:00:04\"}";
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"10.0.1.5\"}"))
        .isEqualTo("200 " + lease);
    assertThat(
            call(
                "PUT",
                "/leases/acquire",
                "{\"underlay_ip\":\"10.0.1.5\",\"single_overlay_ip\":true,\"later\":1}"))
        .isEqualTo("200 " + lease);
    assertThat(call("GET", "/leases", "")).isEqualTo("200 {\"leases\":[" + lease + "]}");
    assertThat(call("PUT", "/leases/renew", lease)).isEqualTo("200 {}");
    assertThat(call("PUT", "/leases/release", "{\"underlay_ip\":\"10.0.1.5\"}"))
        .isEqualTo("200 {}");
    assertThat(call("PUT", "/leases/release", "{\"underlay_ip\":\"10.0.1.5\"}"))
        .isEqualTo("200 {}");
    assertThat(call("GET", "/leases", "")).isEqualTo("200 {\"leases\":[]}");
  }

  @Test
  void hands_out_single_addresses() throws Exception {
    assertThat(
            call(
                "PUT",
                "/leases/acquire",
                "{\"underlay_ip\":\"10.0.1.5\",\"single_overlay_ip\":true}"))
        .matches(
            "200 \\{\"underlay_ip\":\"10.0.1.5\",\"overlay_subnet\":\"10.255.0.[123]/32\","
                + "\"overlay_hardware_addr\":\"ee:ee:0a:ff:00:0[123]\"}");
  }

  @Test
  void an_expired_lease_is_not_listed() throws Exception {
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"10.0.1.5\"}")).startsWith("200");
    clock.advance(LeasePool.DEFAULT_EXPIRY);

    assertThat(call("GET", "/leases", "")).isEqualTo("200 {\"leases\":[]}");
  }

  @Test
  void an_unknown_lease_is_taken_down() throws Exception {
    String lease =
        "{\"underlay_ip\":\"10.0.1.5\",\"overlay_subnet\":\"10.255.0.4/30\","
            + "\"overlay_hardware_addr\":\"ee:ee:0a:ff:00:04\"}";

    assertThat(call("PUT", "/leases/renew", lease)).isEqualTo("200 {}");
    assertThat(call("GET", "/leases", "")).isEqualTo("200 {\"leases\":[" + lease + "]}");
  }

  @Test
  void refuses_with_the_status_and_text_of_the_silk_controller() throws Exception {
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"10.0.1.5\"}")).startsWith("200");

    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"10.0.1.6\"}"))
        .isEqualTo("409 {\"error\": \"no lease available\"}");
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"2001:db8::1\"}"))
        .isEqualTo("500 {\"error\": \"invalid ipv4 address: 2001:db8::1\"}");
    assertThat(call("PUT", "/leases/acquire", "{}"))
        .isEqualTo("500 {\"error\": \"invalid ipv4 address: \"}");
    assertThat(call("PUT", "/leases/acquire", "no json"))
        .startsWith("400 {\"error\": \"unmarshal-request: ");
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":7}"))
        .isEqualTo("400 {\"error\": \"unmarshal-request: underlay_ip: must be a string\"}");
    assertThat(call("PUT", "/leases/acquire", "{} {}"))
        .startsWith("400 {\"error\": \"unmarshal-request: ");
    assertThat(call("PUT", "/leases/release", "[]"))
        .isEqualTo("400 {\"error\": \"unmarshal-request: must be a JSON object\"}");
    assertThat(
            call(
                "PUT",
                "/leases/renew",
                "{\"underlay_ip\":\"10.0.1.5\",\"overlay_subnet\":\"10.255.0.1/32\","
                    + "\"overlay_hardware_addr\":\"ee:ee:0a:ff:00:01\"}"))
        .isEqualTo("409 {\"error\": \"renew-subnet-lease: lease mismatch\"}");
    assertThat(
            call(
                "PUT",
                "/leases/renew",
                "{\"underlay_ip\":\"10.0.1.7\",\"overlay_subnet\":\"10.254.0.0/24\","
                    + "\"overlay_hardware_addr\":\"ee:ee:0a:fe:00:00\"}"))
        .isEqualTo("409 {\"error\": \"renew-subnet-lease: overlay subnet not in pool\"}");
    assertThat(call("PUT", "/leases/renew", "{\"underlay_ip\":\"\\\"x\"}"))
        .isEqualTo("409 {\"error\": \"renew-subnet-lease: invalid underlay ip: \\\"x\"}");
    assertThat(
            call(
                "PUT",
                "/leases/renew",
                "{\"underlay_ip\":\"10.0.1.7\",\"overlay_subnet\":\"10.255.0.4\"}"))
        .isEqualTo("409 {\"error\": \"renew-subnet-lease: invalid CIDR address: 10.255.0.4\"}");
  }

  @Test
  void knows_its_paths_and_methods_and_no_others() throws Exception {
    assertThat(call("GET", "/", "")).isEqualTo("404 404 page not found\n");
    assertThat(call("GET", "/health", "")).startsWith("404");
    assertThat(call("GET", "/leases/acquire", "")).startsWith("405");
    assertThat(call("POST", "/leases/acquire", "{}")).startsWith("405");
  }

  @Test
  void a_store_that_fails_is_an_internal_error() throws Exception {
    store.close();

    assertThat(call("GET", "/leases", ""))
        .startsWith("500 {\"error\": \"all-routable-leases: getting all leases: memory:");
    assertThat(call("PUT", "/leases/acquire", "{\"underlay_ip\":\"10.0.1.5\"}")).startsWith("500");
  }

  @Test
  void counts_errors_and_times_requests() throws Exception {
    call("GET", "/leases", "");
    call("PUT", "/leases/acquire", "");

    assertThat(meters.text())
        .contains("silk_controller_leases_index_seconds_count 1")
        .contains("silk_controller_leases_acquire_seconds_count 1")
        .contains("silk_controller_http_error_total 1.0");
  }

  // Client

  @Test
  void a_registry_behind_http_is_a_registry() {
    LeaseRegistry registry = remote();
    IpAddress cell = IpAddress.parse("10.0.1.5");

    CellLease lease = registry.acquire(cell, LeaseKind.BLOCK);
    registry.renew(lease);

    assertThat(lease).isEqualTo(CellLease.of(cell, IpPrefix.parse("10.255.0.4/30")));
    assertThat(registry.leases()).containsExactly(lease);
    assertThatExceptionOfType(PoolExhaustedException.class)
        .isThrownBy(() -> registry.acquire(IpAddress.parse("10.0.1.6"), LeaseKind.BLOCK))
        .withMessageContaining("no lease available");
    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(() -> registry.renew(CellLease.of(cell, IpPrefix.parse("10.255.0.1/32"))))
        .withMessageContaining("lease mismatch");
    registry.release(cell);
    assertThat(registry.leases()).isEmpty();
  }

  @Test
  void a_registry_that_is_away_or_broken_is_unavailable() {
    LeaseRegistry registry = remote();
    store.close();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(registry::leases)
        .satisfies(failure -> assertThat(failure.retryable()).isTrue())
        .withMessageContaining("answered 500: all-routable-leases");

    server.close();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(registry::leases)
        .satisfies(failure -> assertThat(failure.retryable()).isTrue());
  }

  // TLS

  @Test
  void refuses_whoever_shows_no_certificate_or_one_of_another_authority() throws Exception {
    TestAuthority stranger = TestAuthority.in(folder, "stranger");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> remote(stranger.issue("strange-client")).leases());

    javax.net.ssl.SSLContext anonymous = javax.net.ssl.SSLContext.getInstance("TLS");
    anonymous.init(null, new javax.net.ssl.TrustManager[] {new TrustsAll()}, null);
    HttpClient without = HttpClient.newBuilder().sslContext(anonymous).build();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                without.send(
                    HttpRequest.newBuilder(uri("/leases")).build(), BodyHandlers.ofString()));
  }

  @Test
  void a_client_refuses_a_server_of_another_authority() throws Exception {
    TestAuthority stranger = TestAuthority.in(folder, "other");
    Identity strange = stranger.issue("strange-server");
    server.close();
    server = LeaseServer.start(ANY, tls(authority, strange), new NoLeases(), meters);

    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(remote()::leases);
  }

  @Test
  void names_every_file_that_can_not_be_used() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () ->
                MutualTls.read(
                    folder.resolve("no-ca"),
                    serverIdentity.key(),
                    serverIdentity.certificate(),
                    NAMES))
        .satisfies(
            refusal ->
                assertThat(refusal.diagnostics())
                    .extracting(fault -> fault.path())
                    .containsExactly("/ca_cert_file", "/server_cert_file", "/server_key_file"));
  }

  // Health

  @Test
  void health_is_an_empty_200_while_the_store_answers() throws Exception {
    HttpServer health =
        Health.start(
            ANY,
            () -> {
              if (store.revision() < 0) {
                throw new IllegalStateException();
              }
            });
    try {
      assertThat(plain(health, "/health")).isEqualTo("200 ");
      assertThat(plain(health, "/")).startsWith("404");
      store.close();
      assertThat(plain(health, "/health")).isEqualTo("500 {\"error\": \"check database failed\"}");
    } finally {
      health.stop(0);
    }
  }

  private static String plain(HttpServer at, String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + at.getAddress().getPort() + path))
                    .build(),
                BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private static final class NoLeases implements LeaseRegistry {
    @Override
    public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
      throw new AssertionError("no lease is asked for here");
    }

    @Override
    public void renew(CellLease lease) {}

    @Override
    public void release(IpAddress underlayIp) {}

    @Override
    public List<CellLease> leases() {
      return List.of();
    }
  }

  private static final class TrustsAll extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
