package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.Service;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.Attempt;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.Listener;
import io.dualstack.testkit.lab.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for HAProxy, read by HAProxy. */
@ExtendWith(LabExtension.class)
class HaproxyIT {
  private static final int PORT = 1024;
  private static final List<String> HOSTS =
      List.of("10.0.0.1", "10.0.0.10", "localhost", "::1", "2001:db8::1", "2001:db8:1:2:3:4:5:6");
  private static final List<String> SNI_NAMES = List.of("", "", "a.example.com", "b-1.example.com");
  private static final List<String> INSTANCES =
      List.of("cbd5a3ae-4ce4-4a5b-70b1-3c5a", "i_1", "db.service.internal");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_ipv6_only_backend_is_reached_through_haproxy(boolean dualStack, Lab lab)
      throws IOException {
    LabHost client = lab.host("client");
    LabHost router = lab.host("router");
    LabHost backend = lab.host("backend");
    backend.ip("address del %s/24 dev eth0".formatted(backend.address(IpFamily.IPV4)));
    Listener listener =
        backend.listen(backend.address(IpFamily.IPV6), Service.port(Protocol.TCP, 0));
    TcpRoute route =
        TcpRoute.plain("g", PORT, RouteHost.of(backend.address(IpFamily.IPV6)), listener.port());

    new InstalledHaproxy(router, folder)
        .serve(List.of(route), new HaproxyOptions(dualStack, "", ""));

    Service service = Service.port(Protocol.TCP, PORT);
    Attempt byIpv4 = client.attempt(router.address(IpFamily.IPV4), service);
    Attempt byIpv6 = client.attempt(router.address(IpFamily.IPV6), service);
    assertThat(byIpv4.seenFrom()).contains(router.address(IpFamily.IPV6));
    assertThat(byIpv6.outcome()).isEqualTo(dualStack ? Outcome.ANSWERED : Outcome.REFUSED);
    assertThat(listener.arrived()).isEqualTo(dualStack ? 2 : 1);
  }

  private static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static TcpRoute route(Random random) {
    return TcpRoute.plain(
            "g",
            PORT + random.nextInt(20),
            RouteHost.parse(any(random, HOSTS)),
            1 + random.nextInt(65535))
        .forSni(any(random, SNI_NAMES));
  }

  private static TcpRoute withTlsOrWithout(Random random, TcpRoute route) {
    return random.nextBoolean()
        ? route
        : route.withTls(1 + random.nextInt(65535), any(random, INSTANCES));
  }

  @Test
  void whatever_is_written_haproxy_takes(Lab lab) throws IOException {
    InstalledHaproxy haproxy = new InstalledHaproxy(lab.host("router"), folder);
    Random random = new Random(20251128);
    List<TcpRoute> routes = IntStream.range(0, 200).mapToObj(i -> route(random)).toList();

    for (boolean dualStack : new boolean[] {false, true}) {
      assertThat(haproxy.check(routes, new HaproxyOptions(dualStack, "", "")))
          .doesNotContain("ALERT");
    }
  }

  @Test
  void whatever_is_written_of_tls_haproxy_takes_with_the_files_that_it_names(Lab lab)
      throws IOException {
    InstalledHaproxy haproxy = new InstalledHaproxy(lab.host("router"), folder);
    String authority = TestAuthority.in(folder, "authority").certificate().toString();
    String own = TlsBackend.bundle(TestAuthority.in(folder, "own").issue("router")).toString();
    Random random = new Random(20261129);
    List<TcpRoute> routes =
        IntStream.range(0, 200).mapToObj(i -> withTlsOrWithout(random, route(random))).toList();

    for (String shown : List.of("", own)) {
      assertThat(haproxy.check(routes, new HaproxyOptions(true, authority, shown)))
          .doesNotContain("ALERT");
    }
  }

  @Test
  void the_files_that_it_names_are_read_when_it_is_checked(Lab lab) {
    InstalledHaproxy haproxy = new InstalledHaproxy(lab.host("router"), folder);
    String authority = TestAuthority.in(folder, "authority").certificate().toString();
    List<TcpRoute> routes =
        List.of(
            TcpRoute.plain("g", PORT, RouteHost.parse("2001:db8::1"), 80)
                .withTls(443, INSTANCES.get(0)));

    assertThatThrownBy(() -> haproxy.check(routes, new HaproxyOptions(true, "/none.pem", "")))
        .hasMessageContaining("Couldn't open the ca-file '/none.pem'");
    assertThatThrownBy(() -> haproxy.check(routes, new HaproxyOptions(true, authority, authority)))
        .hasMessageContaining("No Private Key found in '" + authority);
  }
}
