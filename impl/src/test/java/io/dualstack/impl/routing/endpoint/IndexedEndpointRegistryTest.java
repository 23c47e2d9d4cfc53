package io.dualstack.impl.routing.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.routing.EndpointChange;
import io.dualstack.routing.EndpointFailure;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.SegmentMode;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexedEndpointRegistryTest {
  private static final Duration THRESHOLD = EndpointRegistryConfig.DEFAULT.staleThreshold();

  private final TestClock clock = TestClock.atNoon();
  private final IndexedEndpointRegistry registry =
      new IndexedEndpointRegistry(EndpointRegistryConfig.DEFAULT, clock);

  private static RouteMessage.Builder at(String host, int port, String... uris) {
    return RouteMessage.to(RouteHost.parse(host), List.of(uris)).port(port);
  }

  private static RouteMessage.Builder tls(String host, int port, String... uris) {
    return at(host, 1, uris).tlsPort(port);
  }

  private List<String> addresses(String uri) {
    return registry.lookup(uri).stream().map(RouteEndpoint::address).toList();
  }

  private RouteEndpoint only(String uri) {
    assertThat(registry.lookup(uri)).hasSize(1);
    return registry.lookup(uri).iterator().next();
  }

  // Identity

  @ParameterizedTest
  @ValueSource(strings = {"[2001:db8::1]", "2001:DB8::1", "2001:db8:0::1", "2001:db8::1"})
  void an_ipv6_host_is_one_endpoint_however_it_is_written(String text) {
    registry.register(at("2001:db8::1", 80, "a").build());

    assertThat(registry.register(at(text, 80, "a").build())).isEqualTo(EndpointChange.REFRESHED);
    assertThat(addresses("a")).containsExactly("[2001:db8::1]:80");
    assertThat(registry.unregister(at(text, 80, "a").build())).isTrue();
    assertThat(registry.lookup("a")).isEmpty();
  }

  @Test
  void an_instance_with_two_addresses_has_two_endpoints() {
    registry.register(at("2001:db8::1", 8080, "a").instance("i1", "0").build());
    registry.register(at("10.0.0.1", 61000, "a").instance("i1", "0").build());

    assertThat(addresses("a")).containsExactly("10.0.0.1:61000", "[2001:db8::1]:8080");
    assertThat(registry.instance("a", "i1").orElseThrow().address()).isEqualTo("10.0.0.1:61000");

    registry.unregister(at("10.0.0.1", 61000, "a").instance("i1", "0").build());

    assertThat(registry.instance("a", "i1").orElseThrow().address())
        .isEqualTo("[2001:db8::1]:8080");
    registry.unregister(at("2001:db8::1", 8080, "a").build());
    assertThat(registry.instance("a", "i1")).isEmpty();
  }

  @Test
  void an_address_that_another_instance_took_is_that_instances() {
    registry.register(at("10.0.0.1", 80, "a").instance("i1", "0").build());

    assertThat(registry.register(at("10.0.0.1", 80, "a").instance("i2", "0").build()))
        .isEqualTo(EndpointChange.REPLACED);
    assertThat(registry.instance("a", "i1")).isEmpty();
    assertThat(registry.instance("a", "i2")).contains(only("a"));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void endpoints_without_an_instance_stick_to_no_session() {
    registry.register(at("10.0.0.1", 80, "a").build());

    assertThat(registry.instance("a", "")).isEmpty();
  }

  @Test
  void the_port_of_tls_wins_and_unregistering_must_name_it() {
    registry.register(tls("10.0.0.1", 443, "a").build());

    assertThat(only("a").address()).isEqualTo("10.0.0.1:443");
    assertThat(only("a").isTls()).isTrue();
    assertThat(registry.unregister(at("10.0.0.1", 1, "a").build())).isFalse();
    assertThat(registry.unregister(tls("10.0.0.1", 443, "a").build())).isTrue();
  }

  @Test
  void neither_the_plain_port_beside_one_of_tls_nor_tls_itself_is_part_of_the_key() {
    registry.register(at("2001:db8::1", 80, "a").tlsPort(443).build());

    assertThat(registry.register(at("2001:db8::1", 81, "a").tlsPort(443).build()))
        .isEqualTo(EndpointChange.REPLACED);
    assertThat(registry.register(at("2001:db8::1", 443, "a").build()))
        .isEqualTo(EndpointChange.REPLACED);
    assertThat(addresses("a")).containsExactly("[2001:db8::1]:443");
    assertThat(only("a").isTls()).isFalse();
    assertThat(registry.register(at("2001:db8::1", 80, "a").build()))
        .isEqualTo(EndpointChange.ADDED);
  }

  @ParameterizedTest
  @CsvSource({"'', true, false", "http1, true, false", "http2, true, true", "http2, false, false"})
  void http2_is_spoken_where_both_do(String protocol, boolean routerDoes, boolean spoken) {
    IndexedEndpointRegistry router =
        new IndexedEndpointRegistry(
            new EndpointRegistryConfig(THRESHOLD, routerDoes, SegmentMode.ALL, Set.of()), clock);
    router.register(at("10.0.0.1", 80, "a").protocol(protocol).build());

    assertThat(router.lookup("a").iterator().next().isHttp2()).isEqualTo(spoken);
  }

  // What is taken

  @ParameterizedTest
  @CsvSource({"http://service, DROPPED", "https://service, ADDED", "'', ADDED", "ftp:x, DROPPED"})
  void a_route_service_is_reached_by_https(String url, EndpointChange change) {
    assertThat(registry.register(at("10.0.0.1", 80, "a").routeServiceUrl(url).build()))
        .isEqualTo(change);
    assertThat(registry.size()).isEqualTo(change == EndpointChange.ADDED ? 1 : 0);
  }

  private IndexedEndpointRegistry of(SegmentMode mode) {
    return new IndexedEndpointRegistry(
        new EndpointRegistryConfig(
            THRESHOLD, true, mode, mode == SegmentMode.ALL ? Set.of() : Set.of("s1", "s3")),
        clock);
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, '', true",
    "ALL, s1, true",
    "ALL, s2, true",
    "SEGMENTS, '', false",
    "SEGMENTS, s1, true",
    "SEGMENTS, s2, false",
    "SEGMENTS, S1, false",
    "SHARED_AND_SEGMENTS, '', true",
    "SHARED_AND_SEGMENTS, s1, true",
    "SHARED_AND_SEGMENTS, s2, false",
  })
  void a_router_has_the_routes_of_its_segments(SegmentMode mode, String segment, boolean taken) {
    IndexedEndpointRegistry router = of(mode);
    RouteMessage ipv4 = at("10.0.0.1", 80, "a").isolationSegment(segment).build();
    RouteMessage ipv6 = at("2001:db8::1", 80, "a").isolationSegment(segment).build();

    for (RouteMessage message : List.of(ipv4, ipv6)) {
      assertThat(router.register(message))
          .isEqualTo(taken ? EndpointChange.ADDED : EndpointChange.OTHER_SEGMENT);
    }
    assertThat(router.lookup("a")).hasSize(taken ? 2 : 0);
    assertThat(router.unregister(ipv4)).isEqualTo(taken);
    assertThat(router.unregister(ipv6)).isEqualTo(taken);
    assertThat(router.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"SEGMENTS, ''", "SEGMENTS, s2", "SHARED_AND_SEGMENTS, s2"})
  void what_is_said_of_another_segment_changes_nothing(SegmentMode mode, String segment) {
    IndexedEndpointRegistry router = of(mode);
    RouteMessage.Builder message = at("2001:db8::1", 80, "a").isolationSegment("s1");
    router.register(message.build());
    clock.advance(THRESHOLD);

    RouteMessage other = message.isolationSegment(segment).build();
    assertThat(router.register(other)).isEqualTo(EndpointChange.OTHER_SEGMENT);
    assertThat(router.unregister(other)).isFalse();

    assertThat(router.lookup("a"))
        .extracting(endpoint -> endpoint.message().isolationSegment())
        .containsExactly("s1");
    clock.advance(Duration.ofNanos(1));
    assertThat(router.prune()).as("it was not heard of").isEqualTo(1);
  }

  @Test
  void a_segment_is_no_part_of_the_key() {
    IndexedEndpointRegistry router = of(SegmentMode.SEGMENTS);
    RouteMessage.Builder message = at("10.0.0.1", 80, "a");
    router.register(message.isolationSegment("s1").build());

    assertThat(router.register(message.isolationSegment("s3").build()))
        .isEqualTo(EndpointChange.REPLACED);
    assertThat(router.unregister(message.isolationSegment("s1").build())).isTrue();
    assertThat(router.size()).isZero();
  }

  @Test
  void a_message_without_uris_is_dropped_and_the_most_counts_of_several() {
    assertThat(registry.register(at("10.0.0.1", 80).build())).isEqualTo(EndpointChange.DROPPED);
    registry.register(at("10.0.0.1", 80, "a").build());
    assertThat(registry.register(at("10.0.0.1", 80, "a", "b").build()))
        .isEqualTo(EndpointChange.ADDED);
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void an_older_state_replaces_nothing_and_removes_nothing() {
    RouteMessage.Builder message = at("10.0.0.1", 80, "a");
    registry.register(message.app("new").build(), new ModificationTag("g", 5));

    assertThat(registry.register(message.app("old").build(), new ModificationTag("g", 4)))
        .isEqualTo(EndpointChange.OLDER);
    assertThat(registry.unregister(message.build(), new ModificationTag("g", 4))).isFalse();
    assertThat(only("a").message().app()).isEqualTo("new");

    assertThat(registry.register(message.app("newer").build(), new ModificationTag("g", 6)))
        .isEqualTo(EndpointChange.REPLACED);
    assertThat(registry.unregister(message.build(), new ModificationTag("g", 6))).isTrue();
  }

  // Matching

  @Test
  void the_longest_path_of_the_narrowest_name_is_found() {
    registry.register(at("10.0.0.1", 1, "*.example.com").build());
    registry.register(at("10.0.0.1", 2, "App.example.com").build());
    registry.register(at("10.0.0.1", 3, "app.example.com/v1/").build());
    registry.register(at("10.0.0.1", 4, "*.example.com/v1/x").build());

    assertThat(addresses("APP.example.com")).containsExactly("10.0.0.1:2");
    assertThat(addresses("app.example.com/")).containsExactly("10.0.0.1:2");
    assertThat(addresses("app.example.com/v2?v1")).containsExactly("10.0.0.1:2");
    assertThat(addresses("app.example.com/V1?q=/x")).containsExactly("10.0.0.1:3");
    assertThat(addresses("app.example.com/v1/x/y")).containsExactly("10.0.0.1:3");
    assertThat(addresses("app.example.com/v10")).containsExactly("10.0.0.1:2");
    assertThat(addresses("other.example.com/v1/x/y")).containsExactly("10.0.0.1:4");
    assertThat(addresses("a.b.example.com")).containsExactly("10.0.0.1:1");
    assertThat(registry.lookup("example.com")).isEmpty();
    assertThat(registry.lookup("app.example.org")).isEmpty();
    assertThat(registry.lookup("")).isEmpty();
  }

  // Forgetting

  @Test
  void a_plain_endpoint_is_forgotten_when_nobody_spoke_of_it_for_longer_than_its_threshold() {
    RouteMessage kept = at("10.0.0.1", 80, "a").build();
    registry.register(kept);
    registry.register(at("10.0.0.2", 80, "a").build());
    registry.register(at("10.0.0.3", 80, "a").staleThresholdSeconds(30).build());
    registry.register(at("10.0.0.4", 80, "a").staleThresholdSeconds(3600).build());

    clock.advance(Duration.ofSeconds(31));
    assertThat(registry.prune()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(60));
    registry.register(kept);
    clock.advance(THRESHOLD.minusSeconds(91));
    assertThat(registry.prune()).as("the threshold itself is not longer").isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(registry.prune()).isEqualTo(2);

    assertThat(addresses("a")).containsExactly("10.0.0.1:80");
    clock.advance(THRESHOLD);
    assertThat(registry.prune()).isEqualTo(1);
    assertThat(registry.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 2001:db8::1, [2001:db8::1]:80",
    "2001:db8::1, 10.0.0.1, 10.0.0.1:80",
  })
  void each_address_of_an_instance_is_forgotten_in_its_own_time(
      String silent, String spokenOf, String left) {
    registry.register(at(silent, 80, "a").instance("i1", "0").build());
    registry.register(at(spokenOf, 80, "a").instance("i1", "0").build());
    clock.advance(THRESHOLD);
    assertThat(registry.register(at(spokenOf, 80, "a").instance("i1", "0").build()))
        .isEqualTo(EndpointChange.REFRESHED);
    clock.advance(Duration.ofNanos(1));

    assertThat(registry.prune()).isEqualTo(1);

    assertThat(addresses("a")).containsExactly(left);
    assertThat(registry.instance("a", "i1")).contains(only("a"));
  }

  @Test
  void an_instance_whose_plain_address_goes_stale_keeps_the_one_of_tls() {
    registry.register(at("10.0.0.1", 61000, "a").tlsPort(61001).instance("i1", "0").build());
    registry.register(at("2001:db8::1", 8080, "a").instance("i1", "0").build());
    clock.advance(THRESHOLD.plusNanos(1));

    assertThat(registry.prune()).isEqualTo(1);

    assertThat(addresses("a")).containsExactly("10.0.0.1:61001");
    RouteEndpoint secure = only("a");
    assertThat(registry.failed("a", secure, EndpointFailure.DIAL)).isTrue();
    assertThat(registry.instance("a", "i1")).isEmpty();
  }

  @Test
  void a_threshold_that_shrinks_counts_at_once() {
    registry.register(at("10.0.0.1", 80, "a").build());
    registry.register(at("10.0.0.1", 80, "a").staleThresholdSeconds(10).build());

    clock.advance(Duration.ofSeconds(11));

    assertThat(registry.prune()).isEqualTo(1);
  }

  @Test
  void an_endpoint_of_tls_is_forgotten_by_failure_and_never_by_time() {
    registry.register(tls("10.0.0.1", 443, "a").build());
    registry.register(at("10.0.0.2", 80, "b").build());
    RouteEndpoint plain = only("b");
    clock.advance(THRESHOLD.multipliedBy(100));

    assertThat(registry.failed("b", plain, EndpointFailure.DIAL)).isFalse();
    assertThat(registry.prune()).isEqualTo(1);
    RouteEndpoint secure = only("a");
    assertThat(registry.failed("a", secure, EndpointFailure.BROKEN_OFF)).isFalse();
    assertThat(registry.failed("a", secure, EndpointFailure.DIAL)).isTrue();
    assertThat(registry.failed("a", secure, EndpointFailure.DIAL)).isFalse();
    assertThat(registry.lookup("a")).isEmpty();
  }

  @Test
  void the_failure_of_what_was_registered_anew_meanwhile_proves_nothing() {
    registry.register(tls("10.0.0.1", 443, "a").serverCertDomainSan("i1").build());
    RouteEndpoint before = only("a");
    registry.register(tls("10.0.0.1", 443, "a").serverCertDomainSan("i2").build());

    assertThat(registry.failed("a", before, EndpointFailure.WRONG_NAME)).isFalse();
    assertThat(registry.lookup("a")).hasSize(1);
  }

  @Test
  void an_endpoint_that_changes_to_tls_no_longer_goes_stale_and_back() {
    RouteMessage plain = at("10.0.0.1", 443, "a").build();
    RouteMessage secure = tls("10.0.0.1", 443, "a").build();
    registry.register(plain);
    registry.register(secure);
    clock.advance(THRESHOLD.plusSeconds(1));
    assertThat(registry.prune()).isZero();

    registry.register(plain);
    clock.advance(THRESHOLD.plusSeconds(1));
    assertThat(registry.prune()).isEqualTo(1);
  }

  @Test
  void nothing_is_forgotten_while_pruning_is_suspended_and_all_count_as_heard_of_afterwards() {
    registry.register(at("10.0.0.1", 80, "a").build());
    registry.suspendPruning();
    clock.advance(THRESHOLD.multipliedBy(3));
    assertThat(registry.prune()).isZero();

    registry.resumePruning();

    assertThat(registry.prune()).isZero();
    clock.advance(THRESHOLD);
    assertThat(registry.prune()).isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(registry.prune()).isEqualTo(1);
  }
}
