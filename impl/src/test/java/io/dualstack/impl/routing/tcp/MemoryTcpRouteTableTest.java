package io.dualstack.impl.routing.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.RouteRefusedException;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import io.dualstack.routing.TcpRouteEvent;
import io.dualstack.routing.TcpRouteTable;
import io.dualstack.routing.TcpRouteTableConfig;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTcpRouteTableTest {
  private final TestClock clock = TestClock.atNoon();
  private final TcpRouteTable table =
      new MemoryTcpRouteTable(new TcpRouteTableConfig(Set.of("g1", "g2"), 120), clock);

  private static TcpRoute route(String backend) {
    return TcpRoute.plain("g1", 1024, RouteHost.parse(backend), 8080);
  }

  private static TcpRoute of(
      String group,
      int port,
      String backend,
      int backendPort,
      int tlsPort,
      Integer ttl,
      boolean terminates,
      boolean alpns) {
    return new TcpRoute(
        group,
        port,
        backend,
        backendPort,
        tlsPort,
        "",
        "",
        "",
        ModificationTag.NONE,
        ttl,
        "",
        terminates,
        alpns ? List.of("h2") : List.of(),
        false,
        Map.of());
  }

  private RouteRefusedException refusal(TcpRoute... routes) {
    RouteRefusedException refused =
        catchThrowableOfType(RouteRefusedException.class, () -> table.upsert(List.of(routes)));
    assertThat(refused).as("nothing was refused").isNotNull();
    return refused;
  }

  // Rules

  /** Each line breaks its own rule and all those behind it, so that the first must be told. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, '', 0, 70000, 500, false, true, RouterGroupMissing",
    "g9, 0, '', 0, 70000, 500, false, true, Port",
    "g9, 1, '', 0, 70000, 500, false, true, BackendMissing",
    "g9, 1, !, 0, 0, 500, false, true, BackendPort",
    "g9, 1, !, 0, -1, 500, false, true, BackendPort",
    "g9, 1, !, 0, 65536, 500, false, true, BackendTlsPort",
    "g9, 1, !, 0, 443, 121, false, true, TtlTooLong",
    "g9, 1, !, 0, 443, 0, false, true, TtlTooShort",
    "g9, 1, !, 0, 443, -3, false, true, TtlTooShort",
    "g9, 1, !, 0, 443, 120, false, true, AlpnsWithoutTls",
    "g9, 1, !, 0, 443, 120, true, true, RouterGroupUnknown",
    "g1, 1, !, 0, 443, 120, true, true, BackendHost",
    "g1, 1, !invalid-host.internal, 80, 0, 1, false, false, BackendHost",
    "g1, 1, 10.0.0.256, 80, 0, 1, false, false, BackendHost",
    "g1, 1, ::ffff:10.0.0.1, 80, 0, 1, false, false, BackendHost",
    "g1, 1, 10.0.0.1, 80, -2, 1, false, false, BackendTlsPort"
  })
  void the_first_rule_that_is_broken_is_told(
      String group,
      int port,
      String backend,
      int backendPort,
      int tlsPort,
      int ttl,
      boolean terminates,
      boolean alpns,
      String rule) {
    TcpRoute broken = of(group, port, backend, backendPort, tlsPort, ttl, terminates, alpns);

    RouteRefusedException refused = refusal(route("10.0.0.1"), broken);

    assertThat(refused.rule()).isEqualTo(rule);
    assertThat(refused.path()).startsWith("/1/");
    assertThat(table.routes()).as("all or nothing").isEmpty();
  }

  @Test
  void deleting_minds_neither_time_to_live_nor_group() {
    table.delete(List.of(of("unknown", 1, "10.0.0.1", 80, 0, 500, false, false)));

    RouteRefusedException refused =
        catchThrowableOfType(
            RouteRefusedException.class,
            () -> table.delete(List.of(of("g1", 0, "10.0.0.1", 80, 0, 1, false, false))));
    assertThat(refused.rule()).isEqualTo("Port");
  }

  @Test
  void all_routes_of_a_port_and_sni_name_agree_on_where_tls_ends() {
    TcpRoute ends = of("g1", 1024, "10.0.0.2", 80, 0, null, true, true);

    assertThat(refusal(route("10.0.0.1"), ends).rule()).isEqualTo("FrontendTlsDiffers");
    table.upsert(List.of(route("10.0.0.1")));
    assertThat(refusal(ends).path()).isEqualTo("/0/terminate_frontend_tls");
    table.upsert(List.of(ends.forSni("a.example.com")));
    clock.advance(Duration.ofSeconds(120));
    table.upsert(List.of(ends));
    assertThat(table.routes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nb", "10.0.0.1", "x if { true }"})
  void names_can_add_nothing_to_a_line_of_configuration(String name) {
    assertThat(refusal(route("10.0.0.1").forSni(name)).rule()).isEqualTo("SniHostname");
    if (!name.equals("10.0.0.1")) {
      assertThat(refusal(route("10.0.0.1").withTls(443, name)).rule()).isEqualTo("InstanceId");
    }
  }

  // Identity

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::1", "2001:DB8:0::1", "[2001:db8::1]"})
  void an_ipv6_backend_is_one_route_however_it_is_written(String text) {
    table.upsert(List.of(route("2001:db8::1")));
    table.upsert(List.of(of("g1", 1024, text, 8080, -1, null, false, false)));

    assertThat(table.routes()).hasSize(1);
    assertThat(table.routes().get(0).backendIp()).isEqualTo("2001:db8::1");
    table.delete(List.of(of("g1", 1024, text, 8080, -1, null, false, false)));
    assertThat(table.routes()).isEmpty();
  }

  @Test
  void a_route_that_is_told_again_is_in_its_next_state_whatever_its_instance() {
    table.upsert(List.of(route("10.0.0.1").withTls(443, "i1")));
    ModificationTag first = table.routes().get(0).tag();
    table.upsert(List.of(route("10.0.0.1").withTls(443, "i2")));

    assertThat(first.guid()).isNotEmpty();
    assertThat(table.routes()).hasSize(1);
    assertThat(table.routes().get(0).tag()).isEqualTo(first.next());
    assertThat(table.routes().get(0).instanceId()).isEqualTo("i2");
  }

  /** Returns the route with the parts that nothing else here sets. */
  private static TcpRoute variant(
      TcpRoute route, String segment, String sniRewrite, boolean mutual) {
    return new TcpRoute(
        route.routerGroupGuid(),
        route.port(),
        route.backendIp(),
        route.backendPort(),
        route.backendTlsPort(),
        route.sniHostname(),
        sniRewrite,
        route.instanceId(),
        route.tag(),
        route.ttlSeconds(),
        segment,
        route.terminateFrontendTls(),
        route.alpns(),
        mutual,
        route.others());
  }

  private static List<TcpRoute> eachWithAnotherKey() {
    TcpRoute one = route("10.0.0.1");
    return List.of(
        of("g2", 1024, "10.0.0.1", 8080, -1, null, false, false),
        of("g1", 1025, "10.0.0.1", 8080, -1, null, false, false),
        of("g1", 1024, "2001:db8::1", 8080, -1, null, false, false),
        of("g1", 1024, "10.0.0.1", 8081, -1, null, false, false),
        of("g1", 1024, "10.0.0.1", 8080, 0, null, false, false),
        of("g1", 1024, "10.0.0.1", 8080, 443, null, false, false),
        of("g1", 1024, "10.0.0.1", 8080, 8443, null, false, false),
        one.forSni("a.example.com"),
        variant(one, "", "", true));
  }

  @Test
  void routes_differ_by_each_part_of_their_key() {
    table.upsert(List.of(route("10.0.0.1")));

    table.upsert(eachWithAnotherKey());

    assertThat(table.routes()).hasSize(10);
    assertThat(table.routes()).extracting(route -> route.tag().index()).containsOnly(0L);
  }

  @ParameterizedTest
  @MethodSource("eachWithAnotherKey")
  void to_delete_a_route_leaves_those_of_other_keys(TcpRoute other) {
    table.upsert(List.of(route("10.0.0.1"), other));

    table.delete(List.of(other));

    assertThat(table.routes()).hasSize(1);
    assertThat(table.routes().get(0).tag().index()).isZero();
    table.delete(List.of(other));
    assertThat(table.routes()).hasSize(1);
    table.delete(List.of(route("10.0.0.1")));
    assertThat(table.routes()).isEmpty();
  }

  /** Two that differ by it alone can't be kept together, so it shows when one is deleted. */
  @Test
  void where_tls_ends_is_part_of_the_key() {
    table.upsert(List.of(of("g1", 1024, "10.0.0.1", 8080, -1, null, true, false)));

    table.delete(List.of(route("10.0.0.1")));
    assertThat(table.routes()).hasSize(1);
    table.delete(List.of(of("g1", 1024, "10.0.0.1", 8080, -1, null, true, true)));
    assertThat(table.routes()).as("the protocols are no part of it").isEmpty();
  }

  @Test
  void neither_the_segment_nor_the_rewritten_name_is_part_of_the_key() {
    TcpRoute route = route("2001:db8::1");
    table.upsert(List.of(variant(route, "s1", "", false)));
    table.upsert(List.of(variant(route, "s2", "", false)));
    table.upsert(List.of(variant(route, "s2", "a.example.com", false)));

    assertThat(table.routes()).hasSize(1);
    assertThat(table.routes().get(0).tag().index()).isEqualTo(2);
    assertThat(table.routes(Set.of("s1"))).isEmpty();
    assertThat(table.routes(Set.of("s2")))
        .extracting(TcpRoute::sniRewriteHostname)
        .containsExactly("a.example.com");
    table.delete(List.of(route));
    assertThat(table.routes()).isEmpty();
  }

  // Time

  @Test
  void a_route_is_hidden_when_its_time_is_over_and_told_deleted_when_pruned() {
    List<TcpRouteEvent> events = new ArrayList<>();
    TcpRouteTable.Subscription subscription = table.subscribe(events::add);
    TcpRoute brief = route("10.0.0.1").with("10.0.0.1", ModificationTag.NONE, 10);
    table.upsert(List.of(brief, route("10.0.0.2")));
    clock.advance(Duration.ofSeconds(9));
    table.upsert(List.of(brief));
    clock.advance(Duration.ofSeconds(9));
    assertThat(table.routes()).hasSize(2);

    clock.advance(Duration.ofSeconds(1));

    assertThat(table.routes()).extracting(TcpRoute::backendIp).containsExactly("10.0.0.2");
    assertThat(table.routes().get(0).ttlSeconds()).isEqualTo(120);
    assertThat(events).extracting(TcpRouteEvent::kind).doesNotContain(TcpRouteEvent.Kind.DELETE);
    assertThat(table.prune()).isEqualTo(1);
    assertThat(table.prune()).isZero();
    assertThat(events).hasSize(4);
    assertThat(events.get(3).kind()).isEqualTo(TcpRouteEvent.Kind.DELETE);
    assertThat(events.get(3).route().backendIp()).isEqualTo("10.0.0.1");

    subscription.close();
    table.delete(List.of(route("10.0.0.2")));
    assertThat(events).hasSize(4);
  }

  @Test
  void a_route_that_is_told_when_its_time_is_over_is_another_one() {
    List<TcpRouteEvent> events = new ArrayList<>();
    table.upsert(List.of(route("10.0.0.1"), route("2001:db8::1")));
    ModificationTag before = table.routes().get(0).tag();
    clock.advance(Duration.ofSeconds(120));
    TcpRouteTable.Subscription subscription = table.subscribe(events::add);

    table.upsert(List.of(route("10.0.0.1")));
    subscription.close();

    assertThat(table.routes()).extracting(TcpRoute::backendIp).containsExactly("10.0.0.1");
    assertThat(table.routes().get(0).tag().guid()).isNotEqualTo(before.guid());
    assertThat(table.routes().get(0).tag().index()).isZero();
    assertThat(events)
        .extracting(event -> event.kind() + " " + event.route().backendIp())
        .containsExactly("DELETE 10.0.0.1", "DELETE 2001:db8::1", "UPSERT 10.0.0.1");
  }

  @Test
  void routers_see_the_routes_of_the_segments_they_ask_for_and_with_an_empty_one_those_of_none() {
    table.upsert(
        List.of(
            route("10.0.0.1"),
            variant(route("10.0.0.2"), "s1", "", false),
            variant(route("2001:db8::2"), "s1", "", false),
            variant(route("2001:db8::3"), "s2", "", false)));

    assertThat(backends("s1")).containsExactly("10.0.0.2", "2001:db8::2");
    assertThat(backends("s2")).containsExactly("2001:db8::3");
    assertThat(backends("")).containsExactly("10.0.0.1");
    assertThat(backends("s3", "")).containsExactly("10.0.0.1");
    assertThat(backends("s2", "s1")).containsExactly("10.0.0.2", "2001:db8::2", "2001:db8::3");
    assertThat(backends("S1")).isEmpty();
    assertThat(backends()).isEmpty();
    assertThat(table.routes()).hasSize(4);
  }

  private List<String> backends(String... segments) {
    return table.routes(Set.of(segments)).stream().map(TcpRoute::backendIp).toList();
  }
}
