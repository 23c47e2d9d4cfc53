package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.Diagnostic;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaproxyFormatTest {
  private static final HaproxyOptions TLS = new HaproxyOptions(false, "/ca.pem", "/own.pem");

  private static TcpRoute route(int port, String backend, int backendPort) {
    return TcpRoute.plain("g", port, RouteHost.parse(backend), backendPort);
  }

  private static HaproxyConfiguration write(HaproxyOptions options, TcpRoute... routes) {
    return HaproxyFormat.write(List.of(routes), options);
  }

  private static List<String> servers(HaproxyConfiguration written) {
    return written.text().lines().filter(line -> line.startsWith("  server ")).toList();
  }

  @Test
  void without_an_ipv6_backend_every_byte_is_as_it_was() {
    GoldenFiles.of("routing/haproxy-ipv4")
        .assertMatch(
            Map.of(
                "haproxy.cfg",
                write(
                        HaproxyOptions.DEFAULT,
                        route(2000, "10.0.0.9", 8080),
                        route(1024, "10.0.0.10", 8080),
                        route(1024, "10.0.0.9", 9090),
                        route(1024, "10.0.0.9", 8080),
                        route(1024, "db.internal", 8080),
                        route(1024, "10.0.0.1", 443).forSni("b.example.com"),
                        route(1024, "10.0.0.1", 443).forSni("a.example.com"),
                        route(3000, "10.0.0.1", 443).forSni("a.example.com"))
                    .text(),
                "tls.cfg",
                write(
                        TLS,
                        route(1024, "10.0.0.1", 8080).withTls(8443, "i1"),
                        route(1024, "10.0.0.2", 8080))
                    .text()));
  }

  @Test
  void an_ipv6_backend_has_brackets_and_its_name_has_none() {
    HaproxyConfiguration written =
        write(
            TLS,
            route(1024, "[2001:DB8::10]", 8080),
            route(1024, "2001:db8::9", 8080).withTls(8443, "i1"),
            route(1024, "10.0.0.1", 8080));

    assertThat(servers(written))
        .containsExactly(
            "  server server_10.0.0.1_8080 10.0.0.1:8080",
            "  server server_2001:db8::9_8443 [2001:db8::9]:8443 ssl verify required verifyhost i1"
                + " ca-file /ca.pem crt /own.pem",
            "  server server_2001:db8::10_8080 [2001:db8::10]:8080");
    assertThat(written.warnings()).isEmpty();
  }

  @Test
  void frontends_listen_by_ipv6_only_if_asked_to() {
    TcpRoute route = route(1024, "2001:db8::1", 8080);

    assertThat(write(HaproxyOptions.DEFAULT, route).text()).contains("\n  bind :1024\n");
    assertThat(write(new HaproxyOptions(true, "", ""), route).text())
        .contains("\n  bind [::]:1024 v4v6\n");
  }

  private static List<String> codes(HaproxyConfiguration written) {
    return written.warnings().stream()
        .map(warning -> warning.path() + " " + warning.code())
        .toList();
  }

  @Test
  void the_last_backend_that_is_none_takes_its_frontend_with_it() {
    TcpRoute none =
        route(1024, "10.0.0.1", 80).with("!invalid-host.internal", ModificationTag.NONE, null);

    HaproxyConfiguration written = write(HaproxyOptions.DEFAULT, none);
    assertThat(written.text()).isEmpty();
    assertThat(codes(written)).containsExactly("/0/backend_ip BackendHost");
    assertThat(servers(write(HaproxyOptions.DEFAULT, none, route(1024, "10.0.0.2", 80))))
        .hasSize(1);
  }

  @Test
  void tls_is_as_the_route_and_the_router_say() {
    TcpRoute unknown = route(1024, "10.0.0.1", 80).withTls(0, "i1");
    TcpRoute off = route(1024, "10.0.0.2", 80).withTls(-1, "i1");
    TcpRoute nameless = route(1024, "10.0.0.3", 80).withTls(443, "");
    TcpRoute secure = route(1024, "10.0.0.4", 80).withTls(443, "i1");

    HaproxyConfiguration with = write(TLS, unknown, off, nameless, secure);
    assertThat(servers(with)).hasSize(3);
    assertThat(codes(with))
        .containsExactly("/0/backend_tls_port BackendTls", "/2/instance_id InstanceId");
    HaproxyConfiguration without = write(HaproxyOptions.DEFAULT, unknown, off, secure);
    assertThat(servers(without)).hasSize(2);
    assertThat(codes(without)).containsExactly("/2/backend_tls_port BackendTls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a } use_backend x if { true", "a\n  server evil 10.0.0.1:1"})
  void no_name_ends_or_splits_a_line(String name) {
    HaproxyConfiguration sni = write(TLS, route(1024, "10.0.0.1", 80).forSni(name));
    HaproxyConfiguration instance = write(TLS, route(1024, "10.0.0.1", 80).withTls(443, name));

    assertThat(sni.text()).isEmpty();
    assertThat(instance.text()).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new HaproxyOptions(false, name, ""));
  }

  @Test
  void two_instances_at_one_place_are_one_server() {
    assertThat(
            servers(
                write(
                    TLS,
                    route(1024, "2001:db8::1", 80).withTls(443, "i1"),
                    route(1024, "2001:db8::1", 80).withTls(443, "i2"))))
        .hasSize(1);
  }

  /** Returns a route that says where TLS ends, and whether a certificate is shown then. */
  private static TcpRoute route(String backend, int tlsPort, boolean terminates, boolean mutual) {
    return new TcpRoute(
        "g",
        1024,
        backend,
        80,
        tlsPort,
        "",
        "",
        "i1",
        ModificationTag.NONE,
        null,
        "",
        terminates,
        List.of(),
        mutual,
        Map.of());
  }

  @Test
  void a_certificate_is_shown_whatever_a_route_says_of_it_whose_tls_no_router_ends() {
    assertThat(
            servers(
                write(
                    TLS,
                    route("2001:db8::1", 443, false, false),
                    route("2001:db8::1", 443, false, true))))
        .containsExactly(
            "  server server_2001:db8::1_443 [2001:db8::1]:443 ssl verify required verifyhost i1"
                + " ca-file /ca.pem crt /own.pem");
  }

  @Test
  void what_ends_tls_itself_is_told_and_not_written() {
    TcpRoute ends = route("10.0.0.1", -1, true, false);

    HaproxyConfiguration written = write(HaproxyOptions.DEFAULT, ends);

    assertThat(written.text()).isEmpty();
    assertThat(written.warnings()).extracting(Diagnostic::code).containsExactly("FrontendTls");
  }
}
