package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * By which addresses a front end is reached that was told to listen at one: from another machine by
 * its global addresses, and from its own by the loopback ones, by real URLs of both families.
 */
@ExtendWith(LabExtension.class)
class ListeningIT {

  private static final String IPV4 = "172.31.0.1";
  private static final String IPV6 = "[2001:db8:ff::1]";
  private static final String LOOPBACK_IPV4 = "127.0.0.1";
  private static final String LOOPBACK_IPV6 = "[::1]";
  private static final List<String> OF_IPV4 = List.of(IPV4, LOOPBACK_IPV4);
  private static final List<String> ALL = List.of(IPV4, LOOPBACK_IPV4, IPV6, LOOPBACK_IPV6);

  /** What a listener may be told, and by which addresses it is reached then. */
  private static final Map<String, List<String>> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put("0.0.0.0", ALL);
    MEANINGS.put("::", ALL);
    MEANINGS.put("[::]", ALL);
    MEANINGS.put("::ffff:0.0.0.0", ALL);
    MEANINGS.put("172.31.0.1", List.of(IPV4));
    MEANINGS.put("::ffff:172.31.0.1", List.of(IPV4));
    MEANINGS.put("127.0.0.1", List.of(LOOPBACK_IPV4));
    MEANINGS.put("2001:db8:ff::1", List.of(IPV6));
    MEANINGS.put("[2001:DB8:ff:0::1]", List.of(IPV6));
    MEANINGS.put("::1", List.of(LOOPBACK_IPV6));
    MEANINGS.put("[::1]", List.of(LOOPBACK_IPV6));
  }

  @TempDir private Path folder;
  private LabHost server;
  private LabHost client;
  private MutualTls serverTls;
  private MutualTls clientTls;

  /** A front end on a port. */
  private record Opened(int port, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  @BeforeEach
  void two_machines(Lab lab) {
    server = lab.host("server");
    client = lab.host("client");
    TestAuthority authority = TestAuthority.in(folder, "authority");
    serverTls = tls(authority, authority.issue("server"));
    clientTls = tls(authority, authority.issue("client"));
  }

  private static MutualTls tls(TestAuthority authority, TestAuthority.Identity identity) {
    return MutualTls.read(
        authority.certificate(),
        identity.certificate(),
        identity.key(),
        new MutualTls.Names("/ca", "/certificate", "/key"));
  }

  private static final HttpHandler HERE = exchange -> Plain.send(exchange, Answer.ok("here"));

  private Opened open(String scheme, String host) {
    try (Namespace namespace = Namespace.open(server.namespace())) {
      return namespace.call(
          () ->
              Listening.at(
                  "/listen_host",
                  Listening.address(host, 0),
                  address -> {
                    if (scheme.equals("http")) {
                      HttpServer plain = Plain.start(address, HERE);
                      return new Opened(plain.getAddress().getPort(), () -> plain.stop(0));
                    }
                    TlsServer tls = TlsServer.start(address, serverTls, "front-end", HERE);
                    return new Opened(tls.address().getPort(), tls::close);
                  }));
    }
  }

  /** Returns by which of the addresses a front end answers. */
  private List<String> reached(String scheme, int port, List<String> addresses) {
    List<String> answering = new ArrayList<>();
    for (String address : addresses) {
      LabHost from = List.of(IPV4, IPV6).contains(address) ? client : server;
      if (from.call(() -> answers(new URL(scheme + "://" + address + ":" + port + "/")))) {
        answering.add(address);
      }
    }
    return answering;
  }

  /** In the calling thread, so in its namespace; the name in the certificate is checked. */
  private boolean answers(URL url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(10_000);
    connection.setRequestProperty("Connection", "close");
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(clientTls.context().getSocketFactory());
    }
    try (InputStream body = connection.getInputStream()) {
      assertThat(body.readAllBytes()).isEqualTo("here".getBytes(StandardCharsets.US_ASCII));
      return true;
    } catch (ConnectException refused) {
      return false;
    }
  }

  private Map<String, List<String>> matrix(String scheme) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String host : MEANINGS.keySet()) {
      try (Opened opened = open(scheme, host)) {
        found.put(host, reached(scheme, opened.port(), ALL));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void both_families_at_either_wildcard_and_else_the_one_address(String scheme) {
    assertThat(matrix(scheme)).isEqualTo(MEANINGS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void nothing_else_where_sockets_of_ipv6_are_said_to_take_ipv6_only(String scheme) {
    server.write("net/ipv6/bindv6only", "1");

    assertThat(matrix(scheme)).isEqualTo(MEANINGS);
  }

  @Test
  void a_certificate_without_the_address_of_the_url_is_refused() {
    TestAuthority authority = TestAuthority.in(folder, "authority");
    serverTls = tls(authority, authority.issue("ipv4only", IPV4, LOOPBACK_IPV4));
    clientTls = tls(authority, authority.issue("client"));

    try (Opened opened = open("https", "::")) {
      assertThat(reached("https", opened.port(), OF_IPV4)).isEqualTo(OF_IPV4);
      assertThatThrownBy(() -> reached("https", opened.port(), List.of(IPV6)))
          .hasCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void on_a_machine_that_has_no_ipv6_any_more_wildcards_are_ipv4(String scheme) {
    server.write("net/ipv6/conf/all/disable_ipv6", "1");

    for (String host : List.of("0.0.0.0", "::", "::ffff:0.0.0.0")) {
      try (Opened opened = open(scheme, host)) {
        assertThat(reached(scheme, opened.port(), OF_IPV4)).as(host).isEqualTo(OF_IPV4);
      }
    }
    try (Opened opened = open(scheme, "::ffff:172.31.0.1")) {
      assertThat(reached(scheme, opened.port(), OF_IPV4)).containsExactly(IPV4);
    }
    assertThatThrownBy(() -> open(scheme, "2001:db8:ff::1"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("[2001:db8:ff::1]:0: can't be listened on: ");
  }

  @Test
  void a_process_that_starts_without_ipv6_has_wildcards_of_ipv4_and_says_what_it_lacks()
      throws Exception {
    server.write("net/ipv6/conf/all/disable_ipv6", "1");

    try (ListeningProcess listening =
        ListeningProcess.start(
            server, folder, List.of(), "0.0.0.0", "::", "172.31.0.1", "2001:db8:ff::1")) {
      assertThat(reached("http", listening.port("0.0.0.0"), OF_IPV4)).isEqualTo(OF_IPV4);
      assertThat(reached("http", listening.port("::"), OF_IPV4)).isEqualTo(OF_IPV4);
      assertThat(reached("http", listening.port("172.31.0.1"), OF_IPV4)).containsExactly(IPV4);
      assertThat(listening.said("2001:db8:ff::1"))
          .contains("[2001:db8:ff::1]:0: can't be listened on: there is no IPv6 on this machine");
    }
  }

  @Test
  void a_process_of_ipv4_alone_listens_by_ipv4_alone_on_a_machine_that_has_both() throws Exception {
    Path names =
        Files.writeString(
            folder.resolve("hosts"),
            "2001:db8:ff::1 both.example six.example\n172.31.0.1 both.example\n");

    try (ListeningProcess listening =
        ListeningProcess.start(
            server,
            folder,
            List.of("-Djdk.net.hosts.file=" + names, "-Djava.net.preferIPv4Stack=true"),
            "0.0.0.0",
            "::",
            "::ffff:0.0.0.0",
            "::ffff:172.31.0.1",
            "both.example",
            "six.example",
            "[2001:db8:ff::1]",
            "::1")) {
      for (String wildcard : List.of("0.0.0.0", "::", "::ffff:0.0.0.0")) {
        assertThat(reached("http", listening.port(wildcard), ALL)).as(wildcard).isEqualTo(OF_IPV4);
      }
      for (String one : List.of("::ffff:172.31.0.1", "both.example")) {
        assertThat(reached("http", listening.port(one), ALL)).as(one).containsExactly(IPV4);
      }
      assertThat(listening.said("six.example"))
          .contains(
              "six.example:0: can't be listened on: the name has no address of IPv4, and there is"
                  + " no IPv6 on this machine or in this process");
      for (String six : List.of("[2001:db8:ff::1]", "::1")) {
        assertThat(listening.said(six))
            .contains("]:0: can't be listened on: there is no IPv6 on this machine or in this");
      }
    }
  }

  /** The JVM's preferences change which address of a name is its first, but not what is meant. */
  @ParameterizedTest
  @ValueSource(strings = {"false", "true", "system"})
  void a_name_is_its_address_of_ipv4_and_what_is_left_out_is_told(String preferIpv6)
      throws Exception {
    Path names =
        Files.writeString(
            folder.resolve("hosts"),
            "2001:db8:ff::1 both.example six.example\n172.31.0.1 both.example four.example\n");

    try (ListeningProcess listening =
        ListeningProcess.start(
            server,
            folder,
            List.of(
                "-Djdk.net.hosts.file=" + names, "-Djava.net.preferIPv6Addresses=" + preferIpv6),
            "both.example",
            "six.example",
            "four.example",
            "none.example",
            "::")) {
      assertThat(reached("http", listening.port("both.example"), ALL)).containsExactly(IPV4);
      assertThat(reached("http", listening.port("six.example"), ALL)).containsExactly(IPV6);
      assertThat(reached("http", listening.port("four.example"), ALL)).containsExactly(IPV4);
      assertThat(reached("http", listening.port("::"), ALL)).isEqualTo(ALL);
      assertThat(listening.said("none.example")).contains("the name has no address");
      assertThat(listening.errors())
          .contains("name=both.example", "here 172.31.0.1", "2001:db8:ff::1", "write ::")
          .doesNotContain("six.example", "four.example");
    }
  }

  @Test
  void an_address_of_somebody_else_is_refused_with_the_value() {
    for (String host : List.of("192.0.2.1", "[2001:db8::1]")) {
      assertThatThrownBy(() -> open("http", host))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining(host + ":0: can't be listened on");
    }
  }
}
