package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.routing.DirectIpv6;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Internal routes through a real NATS server, with a directory of names behind it. */
class ServiceDiscoveryIT {
  private static final String NAME = "a.apps.internal";
  private static final String IPV4 =
      "{\"host\":\"10.255.1.5\",\"port\":0,\"uris\":[\"a.apps.internal\",\"0.a.apps.internal\"]}";
  private static final String IPV6 = IPV4.replace("10.255.1.5", "2001:db8::7");

  @RegisterExtension final Opened opened = new Opened();
  @TempDir private Path folder;
  private NatsProcess nats;
  private NatsRouter directory;
  private NatsRegistrar registrar;

  private void start(String address) throws Exception {
    nats = opened.add(NatsProcess.start(folder, address));
    directory = opened.add(router(address, RouteAudience.SERVICE_DISCOVERY));
  }

  private NatsRouter router(String address, RouteAudience audience) throws Exception {
    return new NatsRouter(nats, address, audience, Clock.systemUTC());
  }

  private RegistrarConfig config(String address) {
    return RegistrarConfig.of(List.of(NatsServer.parse(address + ":" + nats.port())))
        .withUser("registrar", "p@ss:w%20rd");
  }

  private void register(RegistrarConfig config) {
    registrar = opened.add(NatsRegistrar.open(config));
    registrar.put(
        "internal",
        new RouteRegistration(
            RouteAudience.SERVICE_DISCOVERY,
            RouteMessage.to(RouteHost.parse("10.255.1.5"), List.of(NAME, "0." + NAME)).build(),
            new DirectIpv6(IpAddress.parse("2001:db8::7"), 8080, 61001)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_name_has_both_addresses_as_they_are_and_no_port_until_they_are_taken_back(String address)
      throws Exception {
    start(address);
    register(config(address).withDirectIpv6());

    assertThat(directory.await("register")).isEqualTo("register " + IPV4);
    assertThat(directory.await("register")).isEqualTo("register " + IPV6);
    for (String name : List.of(NAME, "0." + NAME)) {
      assertThat(directory.registry.lookup(name))
          .extracting(endpoint -> endpoint.host().toString())
          .containsExactly("10.255.1.5", "2001:db8::7");
    }

    registrar.close();
    assertThat(directory.await("unregister")).isEqualTo("unregister " + IPV4);
    assertThat(directory.await("unregister")).isEqualTo("unregister " + IPV6);
    assertThat(directory.registry.size()).isZero();
  }

  @Test
  void without_being_asked_nothing_of_ipv6_is_told() throws Exception {
    start("127.0.0.1");
    register(config("127.0.0.1"));

    assertThat(directory.await("register")).isEqualTo("register " + IPV4);
    assertThat(directory.await("register")).isEqualTo("register " + IPV4);
    registrar.close();
    assertThat(directory.await("unregister")).isEqualTo("unregister " + IPV4);
    directory.settle();
    assertThat(directory.heard).isEmpty();
  }

  @Test
  void each_audience_hears_its_own_and_is_followed_in_its_own_interval() throws Exception {
    start("127.0.0.1");
    NatsRouter router = opened.add(router("127.0.0.1", RouteAudience.ROUTER));
    router.answers = false;
    register(config("127.0.0.1").withDirectIpv6());
    registrar.put(
        "external",
        RouteRegistration.of(
            RouteAudience.ROUTER,
            RouteMessage.to(RouteHost.parse("2001:db8::7"), List.of("a.example.com"))
                .port(8080)
                .build()));

    directory.await("register " + IPV6);
    directory.await("register " + IPV6);
    router.await("greet");
    assertThat(registrar.interval(RouteAudience.SERVICE_DISCOVERY))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(registrar.interval(RouteAudience.ROUTER))
        .isEqualTo(RegistrarConfig.DEFAULT_INTERVAL);

    registrar.close();
    String unregistered = router.await("unregister");
    assertThat(unregistered).contains("\"host\":\"[2001:db8::7]\",\"port\":8080");
    router.settle();
    directory.await("unregister " + IPV6);
    directory.settle();
    assertThat(router.registry.size()).isZero();
    assertThat(router.registry.lookup(NAME)).isEmpty();
    assertThat(directory.registry.lookup("a.example.com")).isEmpty();
  }

  @Test
  void a_directory_that_starts_is_told_at_once() throws Exception {
    start("::1");
    directory.answers = false;
    register(config("::1").withDirectIpv6());
    directory.await("greet");
    directory.heard.clear();

    directory.connection.publish("service-discovery.start", NatsRouter.start());

    directory.await("register " + IPV4);
    directory.await("register " + IPV6);
  }
}
