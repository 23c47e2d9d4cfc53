package io.dualstack.impl.policy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TestAuthority.Identity;
import io.dualstack.impl.policy.cloud.FakeCloud;
import io.dualstack.impl.policy.http.PolicyServerClient;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of the policy server in one process, from its configuration file to a cell. */
class PolicyServiceTest {

  private static final MutualTls.Names NAMES = new MutualTls.Names("ca", "certificate", "key");

  @TempDir private static Path folder;
  private static TestAuthority authority;
  private static Identity server;
  private static Identity cell;

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private FakeCloud cloud;

  @BeforeAll
  static void issue_certificates() {
    authority = TestAuthority.in(folder, "ca");
    server = authority.issue("server");
    cell = authority.issue("cell");
  }

  @BeforeEach
  void start() throws IOException {
    cloud = FakeCloud.start();
    cloud.token("admin", "admin-guid", "admin", "network.admin");
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private PolicyServerConfig config(String more) throws IOException {
    return config(more, "127.0.0.1");
  }

  private PolicyServerConfig config(String more, String listenHost) throws IOException {
    return PolicyServerConfig.read(
        Files.writeString(
            folder.resolve("config.json"),
            """
            {"listen_host": "%s", "internal_listen_port": 0, "store": "memory:",
             "ca_cert_file": "%s", "server_cert_file": "%s", "server_key_file": "%s",
             "uaa_url": "%s", "uaa_client": "network-policy", "uaa_client_secret": "s3:cret",
             "cc_url": "%s", "request_timeout": 60%s}
            """
                .formatted(
                    listenHost,
                    authority.certificate(),
                    server.certificate(),
                    server.key(),
                    cloud.url(),
                    cloud.url(),
                    more)));
  }

  private static MutualTls tls() {
    return MutualTls.read(authority.certificate(), cell.certificate(), cell.key(), NAMES);
  }

  private static PolicyServerClient client(PolicyService service) {
    return new PolicyServerClient(
        RemoteService.of(
            URI.create("https://127.0.0.1:" + service.internalPort().orElseThrow()),
            Duration.ofSeconds(60),
            tls()));
  }

  private static String post(HttpClient client, String url, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url + "/networking/v1/external/policies"))
                .header("Authorization", "bearer admin")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private static final String POLICY =
      "{\"policies\":[{\"source\":{\"id\":\"a\"},\"destination\":{\"id\":\"b\","
          + "\"protocol\":\"tcp\",\"ports\":{\"start\":8080,\"end\":8080}}}]}";

  @Test
  void what_people_create_cells_get() throws Exception {
    try (PolicyService service = PolicyService.start(config(", \"listen_port\": 0"), store)) {
      assertThat(
              post(
                  HttpClient.newHttpClient(),
                  "http://127.0.0.1:" + service.externalPort().orElseThrow(),
                  POLICY))
          .isEqualTo("200 {}");

      assertThat(client(service).policies(Set.of("a"))).hasSize(1);
      assertThat(service.syncs()).isFalse();
    }
  }

  @Test
  void the_external_api_can_want_certificates_too() throws Exception {
    try (PolicyService service =
        PolicyService.start(config(", \"listen_port\": 0, \"enable_tls\": true"), store)) {
      HttpClient client =
          HttpClient.newBuilder()
              .sslContext(tls().context())
              .sslParameters(tls().clientParameters())
              .build();
      String url = "https://127.0.0.1:" + service.externalPort().orElseThrow();

      assertThat(post(client, url, POLICY)).isEqualTo("200 {}");
      HttpClient without =
          HttpClient.newBuilder()
              .sslContext(MutualTls.trustOnly(authority.certificate(), "ca").context())
              .build();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(without, url, POLICY));
    }
  }

  @Test
  void security_groups_of_cloud_controller_reach_cells() throws Exception {
    cloud.latestUpdate("2026-08-17T10:00:00Z");
    cloud.securityGroup("g", "s");
    PolicyServerConfig config =
        config(
            """
            , "cc_internal_url": "%s", "cc_internal_ca_cert": "%s",
            "cc_internal_client_cert": "%s", "cc_internal_client_key": "%s",
            "asg_poll_interval_seconds": 1
            """
                .formatted(
                    cloud.url(), authority.certificate(), server.certificate(), server.key()));

    try (PolicyService service = PolicyService.start(config, store)) {
      assertThat(service.syncs()).isTrue();
      assertThat(service.externalPort()).isEmpty();
      PolicyServerClient client = client(service);
      while (client.securityGroups(Set.of("s")).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(client.securityGroups(Set.of("s")).get(0).name()).isEqualTo("n-g");
    }
  }

  @Test
  void all_of_it_by_urls_with_addresses_of_ipv6() throws Exception {
    cloud.close();
    cloud = FakeCloud.start("::1");
    cloud.token("admin", "admin-guid", "admin", "network.admin");
    cloud.latestUpdate("2026-08-17T10:00:00Z");
    cloud.securityGroup("g", "s");
    assertThat(cloud.url().toString()).startsWith("http://[::1]:");
    PolicyServerConfig config =
        config(
            """
            , "listen_port": 0, "cc_internal_url": "%s", "cc_internal_ca_cert": "%s",
            "cc_internal_client_cert": "%s", "cc_internal_client_key": "%s",
            "asg_poll_interval_seconds": 1
            """
                .formatted(
                    cloud.url(), authority.certificate(), server.certificate(), server.key()),
            "::1");

    try (PolicyService service = PolicyService.start(config, store)) {
      assertThat(
              post(
                  HttpClient.newHttpClient(),
                  "http://[::1]:" + service.externalPort().orElseThrow(),
                  POLICY))
          .isEqualTo("200 {}");
      PolicyServerClient client =
          new PolicyServerClient(
              RemoteService.of(
                  URI.create("https://[::1]:" + service.internalPort().orElseThrow()),
                  Duration.ofSeconds(60),
                  tls()));
      assertThat(client.policies(Set.of("a"))).hasSize(1);
      while (client.securityGroups(Set.of("s")).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(client.securityGroups(Set.of("s")).get(0).name()).isEqualTo("n-g");
    }
  }

  @Test
  void health_and_metrics_are_told_on_the_loopback_address() throws Exception {
    int health = free();
    int metrics = free();
    try (PolicyService service =
        PolicyService.start(
            config(
                ", \"health_check_port\": %d, \"debug_server_port\": %d"
                    .formatted(health, metrics)),
            store)) {
      client(service).tag("INGRESS_ROUTER", "router");

      assertThat(get(health, "/health")).isEqualTo("200 ");
      assertThat(get(health, "/")).startsWith("200 Network policy server, up for ");
      assertThat(get(metrics, "/metrics"))
          .contains("policy_server_total_tags 1.0", "policy_server_internal_tags_seconds_count 1");
      store.close();
      assertThat(get(health, "/health")).startsWith("500 ");
    }
  }

  @Test
  void health_and_metrics_are_told_where_the_file_says() throws Exception {
    int health = free();
    int metrics = free();
    try (PolicyService service =
        PolicyService.start(
            config(
                ", \"health_check_host\": \"::1\", \"health_check_port\": %d,".formatted(health)
                    + " \"debug_server_host\": \"::1\", \"debug_server_port\": %d"
                        .formatted(metrics)),
            store)) {
      assertThat(service.internalPort()).isPresent();
      assertThat(get("[::1]", health, "/health")).isEqualTo("200 ");
      assertThat(get("[::1]", metrics, "/metrics")).startsWith("200 ");
      assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(health, "/health"));
      assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(metrics, "/metrics"));
    }
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String get(int port, String path) throws Exception {
    return get("127.0.0.1", port, path);
  }

  private static String get(String host, int port, String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path)).build(),
                BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void a_port_that_is_taken_is_blamed_and_nothing_stays_open() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int metrics = free();
      PolicyServerConfig config =
          config(
              ", \"listen_port\": %d, \"debug_server_port\": %d"
                  .formatted(taken.getLocalPort(), metrics));

      assertThatExceptionOfType(InvalidConfigurationException.class)
          .isThrownBy(() -> PolicyService.start(config, store))
          .satisfies(
              refusal ->
                  assertThat(refusal.diagnostics())
                      .extracting(Diagnostic::path)
                      .containsExactly("/listen_port"));
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(metrics, "/metrics"));
    }
  }
}
