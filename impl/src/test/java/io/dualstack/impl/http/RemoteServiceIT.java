package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls by a name with addresses of both families, of which one does not work. A call may take no
 * longer than an attempt to connect, so that who waits for one attempt to end has failed.
 */
@ExtendWith(LabExtension.class)
class RemoteServiceIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private LabHost machine;
  private HttpServer server;
  private TestAuthority authority;
  private RemoteServiceProcess client;

  @BeforeEach
  void two_machines(Lab lab) throws IOException {
    machine = lab.host("server");
    authority = TestAuthority.in(folder, "authority");
    Path names =
        Files.writeString(
            folder.resolve("hosts"),
            """
            172.31.0.1 both.example
            2001:db8:ff::1 both.example
            """);
    client =
        RemoteServiceProcess.start(lab.host("client"), names, TIMEOUT, authority.certificate());
  }

  @AfterEach
  void stop() {
    client.close();
    if (server != null) {
      server.stop(0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String family =
        exchange.getRemoteAddress().getAddress() instanceof Inet6Address ? "IPv6" : "IPv4";
    seen.add(exchange.getRequestMethod() + " " + family);
    Plain.send(exchange, Answer.ok(family));
  }

  private int listen(String host) {
    try (Namespace namespace = Namespace.open(machine.namespace())) {
      server = namespace.call(() -> Plain.start(Listening.address(host, 0), this::answer));
    }
    return server.getAddress().getPort();
  }

  /** The kernel throws away what comes for TCP, without a word. */
  private void drop(String family) {
    machine.run("nft", "add table inet lab");
    machine.run(
        "nft", "add chain inet lab input { type filter hook input priority 0; policy accept; }");
    machine.run("nft", "add rule inet lab input meta nfproto " + family + " meta l4proto tcp drop");
  }

  @ParameterizedTest
  @CsvSource({"172.31.0.1, IPv4", "2001:db8:ff::1, IPv6", "::, IPv6", "0.0.0.0, IPv6"})
  void where_only_one_family_is_listened_on_it_is_that_and_else_ipv6(String host, String family)
      throws Exception {
    int port = listen(host);

    assertThat(client.call("GET", "http://both.example:" + port)).isEqualTo("200 " + family);
    assertThat(client.call("PUT", "http://both.example:" + port)).isEqualTo("200 " + family);

    assertThat(seen).containsExactly("GET " + family, "PUT " + family);
    assertThat(client.end()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ipv4, IPv6", "ipv6, IPv4"})
  void where_one_family_is_lost_on_the_way_it_is_the_other(String lost, String family)
      throws Exception {
    int port = listen("::");
    drop(lost);

    assertThat(client.call("PUT", "http://both.example:" + port)).isEqualTo("200 " + family);
    assertThat(client.call("GET", "http://both.example:" + port)).isEqualTo("200 " + family);

    assertThat(seen).containsExactly("PUT " + family, "GET " + family);
    assertThat(client.end()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4", "ipv6"})
  void so_it_is_with_tls_and_the_name_in_the_certificate(String lost) throws Exception {
    MutualTls tls = tls(authority.issue("server", "both.example"));
    try (Namespace namespace = Namespace.open(machine.namespace())) {
      server = namespace.call(() -> HttpsServer.create(Listening.address("::", 0), 0));
    }
    ((HttpsServer) server).setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext("/", this::answer);
    server.start();
    drop(lost);

    assertThat(client.call("GET", "https://both.example:" + server.getAddress().getPort()))
        .isEqualTo("200 " + (lost.equals("ipv4") ? "IPv6" : "IPv4"));
    assertThat(seen).hasSize(1);
  }

  private MutualTls tls(TestAuthority.Identity identity) {
    return MutualTls.read(
        authority.certificate(),
        identity.certificate(),
        identity.key(),
        new MutualTls.Names("/ca", "/certificate", "/key"));
  }

  @Test
  void where_nobody_listens_both_addresses_are_told() throws Exception {
    int port = listen("::");
    server.stop(0);
    server = null;

    assertThat(client.call("GET", "http://both.example:" + port))
        .startsWith("http://both.example:" + port + "/: ")
        .contains("[2001:db8:ff:0:0:0:0:1]:" + port, "172.31.0.1:" + port, "check the address");
    assertThat(client.call("GET", "http://nobody.example:" + port)).contains("nobody.example");
  }
}
