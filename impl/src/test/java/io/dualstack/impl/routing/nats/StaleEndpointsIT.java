package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.testkit.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of endpoints whose registrar is killed, in a registry that hears by real NATS. */
class StaleEndpointsIT {
  private static final Duration THRESHOLD = EndpointRegistryConfig.DEFAULT.staleThreshold();
  private static final String IPV4 = "register {\"host\":\"10.0.1.5\"";
  private static final String OTHER = "register {\"host\":\"10.0.1.6\"";

  @RegisterExtension final Opened opened = new Opened();
  @TempDir private Path folder;
  private final TestClock clock = TestClock.atNoon();
  private NatsProcess nats;
  private NatsRouter router;

  /** Twice, as the first may have been on its way before. */
  private void awaitNews(String message) throws InterruptedException {
    router.heard.clear();
    router.await(message);
    router.await(message);
  }

  private void registerAnother(String server, RouteAudience audience) {
    opened
        .add(
            NatsRegistrar.open(
                RegistrarConfig.of(List.of(NatsServer.parse(server)))
                    .withUser("registrar", "p@ss:w%20rd")))
        .put(
            "other",
            RouteRegistration.of(
                audience,
                RouteMessage.to(RouteHost.parse("10.0.1.6"), List.of("a.example.com")).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "ROUTER, ::1, [2001:db8::7]",
    "SERVICE_DISCOVERY, 127.0.0.1, 2001:db8::7",
  })
  void both_addresses_of_an_instance_are_forgotten_when_nobody_spoke_of_them_for_their_time(
      RouteAudience audience, String address, String ipv6Host) throws Exception {
    String ipv6 = "register {\"host\":\"" + ipv6Host + "\"";
    nats = opened.add(NatsProcess.startMonitored(folder, address));
    router = opened.add(new NatsRouter(nats, address, audience, clock));
    String server = NatsServer.parse(address + ":" + nats.port()).toString();
    registerAnother(server, audience);
    KeptInstance killed = opened.add(KeptInstance.start(server, audience));
    router.await(ipv6);

    // While it runs, time alone does nothing.
    for (int i = 0; i < 2; i++) {
      clock.advance(THRESHOLD.minusSeconds(1));
      awaitNews(ipv6);
      assertThat(router.registry.prune()).isZero();
    }
    awaitNews(IPV4);

    killed.kill();
    nats.awaitClients(2);
    router.settle();
    clock.advance(THRESHOLD);
    awaitNews(OTHER);
    assertThat(router.registry.prune()).as("the threshold itself is not longer").isZero();
    assertThat(router.addresses()).containsExactly("10.0.1.5:0", "10.0.1.6:0", "[2001:db8::7]:0");

    clock.advance(Duration.ofNanos(1));
    assertThat(router.registry.prune()).isEqualTo(2);
    assertThat(router.addresses()).containsExactly("10.0.1.6:0");
  }
}
