package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.NatsTls;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration through a real NATS server with TLS, and what keeps it from that. */
class NatsTlsIT {
  private static final String IPV6_ROUTE =
      "register {\"host\":\"[2001:db8::7]\",\"port\":80,\"uris\":[\"a.example.com\"]}";

  @RegisterExtension final Opened opened = new Opened();
  @TempDir private Path folder;
  private TestAuthority authority;
  private NatsProcess nats;
  private NatsRegistrar registrar;
  private NatsRouter router;

  @BeforeEach
  void make_an_authority() {
    authority = TestAuthority.in(folder, "authority");
  }

  /** Starts a server that has a certificate for some names and addresses. */
  private void start(String address, boolean asksClients, String... names) throws Exception {
    TestAuthority.Identity server = authority.issue("server", names);
    nats = opened.add(NatsProcess.startTls(folder, address, authority, server, asksClients));
  }

  private void register(String address, NatsTls tls) {
    registrar =
        opened.add(
            NatsRegistrar.open(
                RegistrarConfig.of(List.of(server(address)))
                    .withUser("registrar", "p@ss:w%20rd")
                    .withTls(tls)));
    registrar.put(
        "a",
        RouteRegistration.of(
            RouteAudience.ROUTER,
            RouteMessage.to(RouteHost.parse("2001:db8::7"), List.of("a.example.com"))
                .port(80)
                .build()));
  }

  private NatsServer server(String address) {
    return NatsServer.parse(address + ":" + nats.port());
  }

  private SSLContext client(TestAuthority.Identity shown) {
    return MutualTls.client(
            authority.certificate(),
            shown.certificate(),
            shown.key(),
            new MutualTls.Names("ca", "certificate", "key"))
        .context();
  }

  private NatsTls showing(TestAuthority.Identity shown) {
    return new NatsTls(authority.certificate(), shown.certificate(), shown.key());
  }

  private String obstacle() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (registrar.obstacle().isEmpty()) {
      assertThat(registrar.isConnected()).isFalse();
      assertThat(System.nanoTime()).as("no obstacle in time").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return registrar.obstacle().orElseThrow();
  }

  // What works

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "127.0.0.1, localhost"})
  void routes_are_registered_by_tls_with_both_sides_known(String address, String configured)
      throws Exception {
    start(address, true, configured);
    TestAuthority.Identity shown = authority.issue("registrar");
    router = opened.add(new NatsRouter(nats, address, client(shown)));

    register(configured, showing(shown));

    router.await(IPV6_ROUTE);
    assertThat(registrar.isConnected()).isTrue();
    assertThat(registrar.obstacle()).isEmpty();
  }

  @Test
  void a_server_that_asks_nobody_is_shown_nothing() throws Exception {
    start("::1", false, "::1");
    router = opened.add(new NatsRouter(nats, "::1", client(authority.issue("router"))));

    register("::1", NatsTls.trusting(authority.certificate()));

    router.await(IPV6_ROUTE);
  }

  // What doesn't

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_server_with_a_certificate_for_another_name_is_refused(String address) throws Exception {
    start(address, false, "other.example.com");

    register(address, NatsTls.trusting(authority.certificate()));

    assertThat(obstacle())
        .isEqualTo(
            "NATS server %s: its certificate is for other.example.com; configure the server by a"
                + " name that it has, or have the name that is configured put into the certificate",
            server(address));
  }

  @Test
  void a_name_is_held_to_the_certificate_and_not_the_address_it_stands_for() throws Exception {
    start("127.0.0.1", false, "127.0.0.1", "::1");

    register("localhost", NatsTls.trusting(authority.certificate()));

    assertThat(obstacle())
        .startsWith(
            "NATS server localhost:%d: its certificate is for 127.0.0.1, ::1; "
                .formatted(nats.port()));
  }

  @Test
  void a_server_of_another_authority_is_refused() throws Exception {
    start("::1", false, "::1");

    register("::1", NatsTls.trusting(TestAuthority.in(folder, "another").certificate()));

    assertThat(obstacle())
        .isEqualTo(
            "NATS server %s: its certificate is of CN=authority, which is no authority that is"
                + " configured; configure the authority that signed it",
            server("::1"));
  }

  @Test
  void a_server_that_asks_for_a_certificate_is_told_of_where_there_is_none() throws Exception {
    start("::1", true, "::1");

    register("::1", NatsTls.trusting(authority.certificate()));

    assertThat(obstacle())
        .isEqualTo(
            "NATS server %s: wants a client's certificate, and none is configured; give a"
                + " certificate of CN=authority, and its key",
            server("::1"));
  }

  @Test
  void a_certificate_that_the_server_does_not_trust_is_told_of() throws Exception {
    start("::1", true, "::1");

    register("::1", showing(TestAuthority.in(folder, "another").issue("stranger")));

    assertThat(obstacle())
        .contains("wants a client's certificate, and the one that is configured is of another")
        .endsWith("; give a certificate of CN=authority, and its key");
  }

  @Test
  void nothing_is_sent_without_tls_where_it_is_configured() throws Exception {
    nats = opened.add(NatsProcess.start(folder, "::1"));
    router = opened.add(new NatsRouter(nats, "::1"));

    register("::1", NatsTls.trusting(authority.certificate()));

    assertThat(obstacle())
        .isEqualTo(
            "NATS server %s: offers no TLS, and nothing was sent without; turn TLS on there, or off"
                + " here",
            server("::1"));
    router.connection.flush(Duration.ofSeconds(5));
    assertThat(router.heard).isEmpty();
  }

  @Test
  void a_server_that_wants_tls_is_told_of_where_none_is_configured() throws Exception {
    start("::1", false, "::1");

    registrar = opened.add(NatsRegistrar.open(RegistrarConfig.of(List.of(server("::1")))));

    assertThat(obstacle())
        .isEqualTo(
            "NATS server %s: wants TLS; configure the authority that signed its certificate",
            server("::1"));
  }

  @Test
  void files_that_cannot_be_used_are_refused_before_anything_is_connected() {
    RegistrarConfig config =
        RegistrarConfig.of(List.of(NatsServer.parse("[::1]:4222")))
            .withTls(
                new NatsTls(folder.resolve("no-ca"), folder.resolve("no"), folder.resolve("no")));

    assertThatThrownBy(() -> NatsRegistrar.open(config))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("tls.ca")
        .hasMessageContaining("tls.certificate")
        .hasMessageContaining("tls.key")
        .hasMessageContaining("no-ca");
  }
}
