package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.Service;
import io.dualstack.impl.routing.InstalledServer;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import io.dualstack.routing.HaproxyConfiguration;
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
import java.nio.file.Files;
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
  private static final String BEFORE =
      """
      global
        maxconn 100
      defaults
        timeout connect 2s
        timeout client 10s
        timeout server 10s
      """;
  private static final int PORT = 1024;

  private final String haproxy = InstalledServer.find("haproxy");
  @TempDir private Path folder;

  private Path file(List<TcpRoute> routes, HaproxyOptions options) throws IOException {
    HaproxyConfiguration written = HaproxyFormat.write(routes, options);
    assertThat(written.warnings()).isEmpty();
    return Files.writeString(folder.resolve("haproxy.cfg"), BEFORE + written.text());
  }

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
    Path file = file(List.of(route), new HaproxyOptions(dualStack, "", ""));

    // It goes into the background once it listens; the lab ends it.
    router.run(haproxy, "-D", "-f", file.toString());

    Service service = Service.port(Protocol.TCP, PORT);
    Attempt byIpv4 = client.attempt(router.address(IpFamily.IPV4), service);
    Attempt byIpv6 = client.attempt(router.address(IpFamily.IPV6), service);
    assertThat(byIpv4.seenFrom()).contains(router.address(IpFamily.IPV6));
    assertThat(byIpv6.outcome()).isEqualTo(dualStack ? Outcome.ANSWERED : Outcome.REFUSED);
    assertThat(listener.arrived()).isEqualTo(dualStack ? 2 : 1);
  }

  @Test
  void whatever_is_written_haproxy_takes(Lab lab) throws IOException {
    LabHost router = lab.host("router");
    Random random = new Random(20251128);
    List<String> hosts =
        List.of("10.0.0.1", "10.0.0.10", "localhost", "::1", "2001:db8::1", "2001:db8:1:2:3:4:5:6");
    List<String> names = List.of("", "", "a.example.com", "b-1.example.com");
    List<TcpRoute> routes =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    TcpRoute.plain(
                            "g",
                            1024 + random.nextInt(20),
                            RouteHost.parse(hosts.get(random.nextInt(hosts.size()))),
                            1 + random.nextInt(65535))
                        .forSni(names.get(random.nextInt(names.size()))))
            .toList();

    for (boolean dualStack : new boolean[] {false, true}) {
      Path file = file(routes, new HaproxyOptions(dualStack, "", ""));
      assertThat(router.run(haproxy, "-c", "-f", file.toString())).doesNotContain("ALERT");
    }
  }
}
