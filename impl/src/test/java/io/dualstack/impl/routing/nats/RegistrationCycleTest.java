package io.dualstack.impl.routing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.routing.nats.Outgoing.Greeting;
import io.dualstack.impl.routing.nats.Outgoing.Registering;
import io.dualstack.impl.routing.nats.Outgoing.Unregistering;
import io.dualstack.net.IpAddress;
import io.dualstack.routing.DirectIpv6;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.RouterStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegistrationCycleTest {
  private static final RouteAudience ROUTER = RouteAudience.ROUTER;
  private static final RegistrarConfig CONFIG =
      RegistrarConfig.of(List.of(NatsServer.parse("127.0.0.1:4222")));

  private long now = -5;
  private double random;
  private final RegistrationCycle cycle = cycle(CONFIG);

  private RegistrationCycle cycle(RegistrarConfig config) {
    return new RegistrationCycle(config, () -> now, () -> random);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static RouteMessage message(String host, String... uris) {
    return RouteMessage.to(RouteHost.parse(host), List.of(uris)).port(80).build();
  }

  private static RouteRegistration registration(String host, String... uris) {
    return RouteRegistration.of(ROUTER, message(host, uris));
  }

  private static Registering registering(String host, String... uris) {
    return new Registering(ROUTER, message(host, uris));
  }

  private static Unregistering unregistering(String host, String... uris) {
    return new Unregistering(ROUTER, message(host, uris));
  }

  private static RouterStart every(int seconds) {
    return new RouterStart("r", List.of(), seconds, 120, Map.of());
  }

  /** A cycle that is connected and answered. */
  private void answered(int seconds) {
    cycle.connected();
    assertThat(cycle.answered(ROUTER, every(seconds))).isEmpty();
  }

  // The handshake

  @Test
  void greets_every_second_until_somebody_answers_then_tells_all() {
    assertThat(cycle.put("a", registration("10.0.0.1", "a.x"))).isEmpty();
    assertThat(cycle.due()).isEmpty();
    assertThat(cycle.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);

    cycle.connected();
    assertThat(cycle.nanosUntilDue()).isZero();
    assertThat(cycle.due()).containsExactly(new Greeting(ROUTER));
    assertThat(cycle.due()).isEmpty();
    assertThat(cycle.nanosUntilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    pass(Duration.ofSeconds(1));
    assertThat(cycle.due()).containsExactly(new Greeting(ROUTER));

    assertThat(cycle.answered(ROUTER, every(5))).containsExactly(registering("10.0.0.1", "a.x"));
    assertThat(cycle.answered(ROUTER, every(5))).as("a second router's answer").isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(cycle.due()).isEmpty();
    assertThat(cycle.interval(ROUTER)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_router_that_starts_is_told_all_at_once() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x"));

    assertThat(cycle.started(ROUTER, every(20))).containsExactly(registering("10.0.0.1", "a.x"));
    assertThat(cycle.started(RouteAudience.SERVICE_DISCOVERY, every(20))).isEmpty();
  }

  @Test
  void a_new_connection_is_greeted_anew_and_a_lost_one_is_told_nothing() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x"));
    cycle.disconnected();
    pass(Duration.ofSeconds(60));

    assertThat(cycle.due()).isEmpty();
    assertThat(cycle.put("b", registration("10.0.0.2", "b.x"))).isEmpty();
    cycle.connected();

    assertThat(cycle.due())
        .containsExactly(
            new Greeting(ROUTER), registering("10.0.0.1", "a.x"), registering("10.0.0.2", "b.x"));
    assertThat(cycle.answered(ROUTER, every(20))).hasSize(2);
  }

  @Test
  void an_answer_without_an_interval_leaves_the_configured_one() {
    answered(0);

    assertThat(cycle.interval(ROUTER)).isEqualTo(CONFIG.interval());
  }

  // The interval

  @Property(tries = 100)
  void all_is_told_again_within_the_interval_and_a_fifth_of_it_early_at_most(
      @ForAll @IntRange(min = 1, max = 3600) int seconds,
      @ForAll @DoubleRange(min = 0, max = 0.99) double early) {
    random = early;
    RegistrationCycle fresh = cycle(CONFIG);
    fresh.connected();
    List<Outgoing> told = new ArrayList<>(fresh.put("a", registration("10.0.0.1", "a.x")));
    told.addAll(fresh.answered(ROUTER, every(seconds)));
    assertThat(told).containsOnly(registering("10.0.0.1", "a.x")).hasSize(2);

    Duration interval = Duration.ofSeconds(seconds);
    assertThat(Duration.ofNanos(fresh.nanosUntilDue()))
        .isBetween(interval.multipliedBy(4).dividedBy(5).minusNanos(1), interval);
    pass(Duration.ofNanos(fresh.nanosUntilDue() - 1));
    assertThat(fresh.due()).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(fresh.due()).containsExactly(registering("10.0.0.1", "a.x"));
  }

  // Taking back

  @Test
  void what_is_removed_is_taken_back_at_once_and_with_each_interval_up_to_the_limit() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x", "b.x"));

    List<Outgoing> told = new ArrayList<>(cycle.remove("a"));
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(20));
      told.addAll(cycle.due());
    }

    assertThat(told)
        .hasSize(RegistrarConfig.DEFAULT_UNREGISTRATIONS)
        .containsOnly(unregistering("10.0.0.1", "a.x", "b.x"));
    assertThat(cycle.remove("a")).isEmpty();
  }

  @Test
  void what_changed_is_taken_back_where_it_is_gone_and_only_there() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x", "b.x"));

    assertThat(cycle.put("a", registration("10.0.0.1", "b.x", "c.x")))
        .containsExactly(unregistering("10.0.0.1", "a.x"), registering("10.0.0.1", "b.x", "c.x"));
    assertThat(cycle.put("a", registration("10.0.0.1", "b.x", "c.x"))).isEmpty();
    assertThat(cycle.put("a", registration("10.0.0.2", "b.x")))
        .containsExactly(unregistering("10.0.0.1", "b.x", "c.x"), registering("10.0.0.2", "b.x"));
  }

  @Test
  void what_is_registered_again_is_no_longer_taken_back() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x", "b.x"));
    cycle.remove("a");
    cycle.put("a2", registration("10.0.0.1", "a.x"));

    pass(Duration.ofSeconds(20));

    assertThat(cycle.due())
        .containsExactly(unregistering("10.0.0.1", "b.x"), registering("10.0.0.1", "a.x"));
  }

  @Test
  void what_another_registration_holds_is_not_taken_back() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x"));
    cycle.put("b", registration("10.0.0.1", "a.x"));

    assertThat(cycle.remove("a")).isEmpty();
    assertThat(cycle.remove("b")).containsExactly(unregistering("10.0.0.1", "a.x"));
  }

  @Test
  void stopping_takes_everything_back_once() {
    answered(20);
    cycle.put("a", registration("10.0.0.1", "a.x"));
    cycle.put("b", registration("2001:db8::1", "b.x"));
    cycle.put("c", registration("10.0.0.3", "c.x"));
    cycle.remove("c");

    assertThat(cycle.stop())
        .containsExactlyInAnyOrder(
            unregistering("10.0.0.1", "a.x"),
            unregistering("2001:db8::1", "b.x"),
            unregistering("10.0.0.3", "c.x"));
    assertThat(cycle.names()).isEmpty();
    assertThat(cycle.stop().size()).isLessThanOrEqualTo(1);
  }

  // IPv6

  private static RouteRegistration dualStack(RouteAudience audience) {
    RouteMessage mapped =
        RouteMessage.to(RouteHost.parse("10.0.1.5"), List.of("a.x"))
            .port(61000)
            .tlsPort(61001)
            .instance("i1", "0")
            .build();
    return new RouteRegistration(
        audience, mapped, new DirectIpv6(IpAddress.parse("2001:db8::7"), 8080, 61443));
  }

  @Test
  void an_instances_ipv6_address_is_not_published_unless_asked_for() {
    answered(20);

    assertThat(cycle.put("a", dualStack(ROUTER)))
        .containsExactly(new Registering(ROUTER, dualStack(ROUTER).message()));
  }

  @Test
  void direct_ipv6_is_a_second_endpoint_with_the_containers_ports_and_taken_back_alike() {
    RegistrationCycle direct = cycle(CONFIG.withDirectIpv6());
    direct.connected();
    RouteMessage mapped = dualStack(ROUTER).message();
    RouteMessage own =
        mapped.toBuilder().host(RouteHost.parse("2001:db8::7")).port(8080).tlsPort(61443).build();

    assertThat(direct.put("a", dualStack(ROUTER)))
        .containsExactly(new Registering(ROUTER, mapped), new Registering(ROUTER, own));
    assertThat(direct.put("a", RouteRegistration.of(ROUTER, mapped)))
        .as("the address is gone")
        .contains(new Unregistering(ROUTER, own))
        .doesNotContain(new Unregistering(ROUTER, mapped));
  }

  @Test
  void service_discovery_is_told_no_ports() {
    RouteMessage own = dualStack(RouteAudience.SERVICE_DISCOVERY).messages(true).get(1);

    assertThat(own.port()).isZero();
    assertThat(own.tlsPort()).isZero();
  }
}
