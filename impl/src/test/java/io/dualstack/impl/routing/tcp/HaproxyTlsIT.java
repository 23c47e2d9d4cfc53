package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Traffic through HAProxy to backends of TLS that have one family. */
@ExtendWith(LabExtension.class)
class HaproxyTlsIT {
  private static final int PORT = 1024;
  private static final String INSTANCE = "cbd5a3ae-4ce4-4a5b-70b1-3c5a";

  @TempDir private Path folder;
  private TestAuthority authority;
  private HaproxyOptions options;
  private LabHost client;
  private LabHost router;

  @BeforeEach
  void a_client_and_a_router(Lab lab) throws IOException {
    client = lab.host("client");
    router = lab.host("router");
    authority = TestAuthority.in(folder, "authority");
    options =
        new HaproxyOptions(
            true,
            authority.certificate().toString(),
            TlsBackend.bundle(authority.issue("router")).toString());
  }

  private TlsBackend backend(Lab lab, String name, IpFamily family, String... names) {
    return TlsBackend.start(
        lab.host(name), family, authority, authority.issue("of-" + name, names));
  }

  private void serve(HaproxyOptions how, TcpRoute... routes) throws IOException {
    new InstalledHaproxy(router, folder).serve(List.of(routes), how);
  }

  /** Asks the router in plain text, and returns the backend's answer. */
  private String ask(IpFamily family) {
    IpAddress address = router.address(family);
    String host = family == IpFamily.IPV6 ? "[" + address + "]" : address.toString();
    return client.call(
        () -> {
          URLConnection connection =
              new URL("http://%s:%d/".formatted(host, PORT)).openConnection(Proxy.NO_PROXY);
          connection.setRequestProperty("Connection", "close");
          connection.setReadTimeout(30_000);
          try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  private String answer(String backend, IpFamily family) {
    return "%s by CN=router from %s".formatted(backend, router.address(family));
  }

  @Test
  void an_ipv6_only_backend_of_tls_is_reached_by_both_families(Lab lab) throws IOException {
    try (TlsBackend backend = backend(lab, "backend", IpFamily.IPV6, INSTANCE)) {
      serve(options, backend.route(PORT, INSTANCE));

      for (IpFamily family : IpFamily.values()) {
        assertThat(ask(family)).as("%s", family).isEqualTo(answer("backend", IpFamily.IPV6));
      }
    }
  }

  @Test
  void backends_of_either_family_share_a_frontend(Lab lab) throws IOException {
    try (TlsBackend four = backend(lab, "four", IpFamily.IPV4, INSTANCE);
        TlsBackend six = backend(lab, "six", IpFamily.IPV6, INSTANCE)) {
      serve(options, six.route(PORT, INSTANCE), four.route(PORT, INSTANCE));

      TreeSet<String> answers = new TreeSet<>();
      for (int i = 0; i < 4; i++) {
        answers.add(ask(IpFamily.IPV4));
      }
      assertThat(answers)
          .containsExactly(answer("four", IpFamily.IPV4), answer("six", IpFamily.IPV6));
    }
  }

  @Test
  void another_instance_at_the_address_is_told_nothing(Lab lab) throws IOException {
    try (TlsBackend backend =
        backend(lab, "backend", IpFamily.IPV6, "another-instance", "2001:db8:ff::3")) {
      serve(options, backend.route(PORT, INSTANCE));

      assertNothingReaches(backend);
    }
  }

  @Test
  void a_backend_of_another_authority_is_told_nothing(Lab lab) throws IOException {
    HaproxyOptions trustingAnother =
        new HaproxyOptions(
            true,
            TestAuthority.in(folder, "another").certificate().toString(),
            options.backendCertificateFile());
    try (TlsBackend backend = backend(lab, "backend", IpFamily.IPV6, INSTANCE)) {
      serve(trustingAnother, backend.route(PORT, INSTANCE));

      assertNothingReaches(backend);
    }
  }

  @Test
  void a_backend_that_asks_for_a_certificate_has_to_be_shown_one(Lab lab) throws IOException {
    HaproxyOptions showingNone = new HaproxyOptions(true, options.backendCaFile(), "");
    try (TlsBackend backend = backend(lab, "backend", IpFamily.IPV6, INSTANCE)) {
      serve(showingNone, backend.route(PORT, INSTANCE));

      assertNothingReaches(backend);
    }
  }

  /** The router listens, and hangs up. */
  private void assertNothingReaches(TlsBackend backend) {
    assertThatThrownBy(() -> ask(IpFamily.IPV4))
        .rootCause()
        .isInstanceOf(SocketException.class)
        .isNotInstanceOf(ConnectException.class);
    assertThat(backend.asked()).isZero();
  }

  // TLS of the client's own

  @Test
  void clients_get_to_the_backend_of_the_name_that_they_ask_for(Lab lab) throws IOException {
    try (TlsBackend four = backend(lab, "four", IpFamily.IPV4, "four.example.com");
        TlsBackend six = backend(lab, "six", IpFamily.IPV6, "six.example.com")) {
      serve(
          HaproxyOptions.DEFAULT,
          four.passingThrough(PORT, "four.example.com"),
          six.passingThrough(PORT, "six.example.com"));

      assertThat(peer("four.example.com")).isEqualTo("CN=of-four");
      assertThat(peer("six.example.com")).isEqualTo("CN=of-six");
      assertThatThrownBy(() -> peer("five.example.com"))
          .as("hung up on, and no certificate for another name")
          .rootCause()
          .isInstanceOf(IOException.class);
    }
  }

  /** Returns who answers to a name in TLS, whose certificate is checked for the name. */
  private String peer(String name) {
    MutualTls tls = TlsBackend.tls(authority, authority.issue("client"));
    SSLSocketFactory factory = tls.context().getSocketFactory();
    byte[] address = router.address(IpFamily.IPV4).toBytes();
    return client.call(
        () -> {
          try (Socket plain = new Socket(InetAddress.getByAddress(address), PORT);
              SSLSocket secure = (SSLSocket) factory.createSocket(plain, name, PORT, true)) {
            secure.setSSLParameters(tls.clientParameters());
            secure.setSoTimeout(30_000);
            secure.startHandshake();
            return secure.getSession().getPeerPrincipal().getName();
          }
        });
  }
}
