package io.dualstack.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingValuesTest {
  private static final IpAddress CELL = IpAddress.parse("10.0.16.4");
  private static final IpAddress CONTAINER = IpAddress.parse("10.255.30.2");
  private static final IpAddress IPV6 = IpAddress.parse("2001:db8:30::2");

  private static RouteMessage anything() {
    return RouteMessage.to(RouteHost.of(IpAddress.parse("192.0.2.1")), List.of("a.example"))
        .port(1)
        .instance("guid", "0")
        .build();
  }

  /** The rule of Diego's route emitter. */
  @ParameterizedTest
  @CsvSource({
    "INSTANCE, false, 10.255.30.2, 8080, 61001",
    "INSTANCE, true, 10.255.30.2, 8080, 61001",
    "HOST, false, 10.0.16.4, 61000, 61002",
    "HOST, true, 10.0.16.4, 61000, 61002",
    "UNKNOWN, false, 10.0.16.4, 61000, 61002",
    "UNKNOWN, true, 10.255.30.2, 8080, 61001"
  })
  void an_instance_is_registered_where_it_is_preferred(
      PreferredAddress preferred, boolean direct, String host, int port, int tlsPort) {
    NetInfo info = NetInfo.of(CELL, CONTAINER, IPV6, List.of()).withPreferred(preferred);

    RouteRegistration registration =
        RouteRegistration.ofInstance(
            info, new PortMapping(8080, 61000, 61001, 61002), anything(), direct);

    assertThat(registration.audience()).isEqualTo(RouteAudience.ROUTER);
    assertThat(registration.message())
        .isEqualTo(
            anything().toBuilder()
                .host(RouteHost.of(IpAddress.parse(host)))
                .port(port)
                .tlsPort(tlsPort)
                .build());
    assertThat(registration.ipv6()).isEqualTo(new DirectIpv6(IPV6, 8080, 61001));
  }

  @Test
  void an_instance_without_ipv6_is_registered_by_ipv4_alone() {
    RouteRegistration registration =
        RouteRegistration.ofInstance(
            NetInfo.of(CELL, CONTAINER, null, List.of()),
            PortMapping.of(8080, 61000),
            anything(),
            false);

    assertThat(registration.ipv6()).isNull();
    assertThat(registration.messages(true)).hasSize(1);
  }

  @Test
  void an_instance_that_is_nowhere_yet_is_not_registered() {
    NetInfo nowhere = new NetInfo(null, List.of(), null, PreferredAddress.UNKNOWN, null, Map.of());

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RouteRegistration.ofInstance(nowhere, PortMapping.of(8080, 1), anything(), false))
        .withMessageContaining("no address of its cell");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RouteRegistration.ofInstance(nowhere, PortMapping.of(8080, 1), anything(), true))
        .withMessageContaining("no address of its container");
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 2001:db8::1, [2001:db8::1]",
    "2001:DB8::1, 2001:db8::1, [2001:db8::1]",
    "2001:db8:0::1, 2001:db8::1, [2001:db8::1]",
    "[2001:db8::1], 2001:db8::1, [2001:db8::1]",
    "[2001:DB8:0:0::1], 2001:db8::1, [2001:db8::1]",
    "10.0.0.1, 10.0.0.1, 10.0.0.1",
    "db.internal, db.internal, db.internal",
    "Cell_1-a.internal., Cell_1-a.internal., Cell_1-a.internal.",
    "q-s0.cell.10.bosh, q-s0.cell.10.bosh, q-s0.cell.10.bosh"
  })
  void a_host_has_one_text_and_brackets_only_for_ipv6(String text, String bare, String joined) {
    RouteHost host = RouteHost.parse(text);

    assertThat(host).hasToString(bare).isEqualTo(RouteHost.parse(joined));
    assertThat(host.toUriHost()).isEqualTo(joined);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[10.0.0.1]",
        "[db.internal]",
        "[]",
        "[2001:db8::1",
        "2001:db8::1]",
        "10.0.0.256",
        "10.0.0",
        "1",
        "db.1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "db internal",
        "!invalid-host.internal",
        ".db",
        "db..internal",
        "-db",
        "10.0.0.1:80"
      })
  void what_is_neither_an_address_nor_a_name_is_no_host(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RouteHost.parse(text));
  }

  @Test
  void hosts_are_ordered_as_texts_with_ipv6_behind_by_number() {
    List<String> sorted =
        Stream.of("2001:db8::10", "db", "10.0.0.9", "2001:db8::9", "10.0.0.10", "::1")
            .map(RouteHost::parse)
            .sorted(RouteHost.ORDER)
            .map(RouteHost::toString)
            .toList();

    assertThat(sorted)
        .containsExactly("10.0.0.10", "10.0.0.9", "db", "::1", "2001:db8::9", "2001:db8::10");
  }

  @Test
  void subjects_and_texts_are_each_audiences_own() {
    RouteHost host = RouteHost.of(IpAddress.parse("2001:db8::1"));

    assertThat(RouteAudience.ROUTER.registerSubject()).isEqualTo("router.register");
    assertThat(RouteAudience.ROUTER.hostText(host)).isEqualTo("[2001:db8::1]");
    assertThat(RouteAudience.SERVICE_DISCOVERY.unregisterSubject())
        .isEqualTo("service-discovery.unregister");
    assertThat(RouteAudience.SERVICE_DISCOVERY.hostText(host)).isEqualTo("2001:db8::1");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, a, 5, true",
    "a, 5, '', 0, true",
    "a, 5, a, 6, true",
    "a, 5, a, 5, false",
    "a, 5, a, 4, false",
    "a, 5, b, 0, true"
  })
  void a_later_state_succeeds_and_so_does_one_of_another_line(
      String guid, long index, String otherGuid, long otherIndex, boolean succeeded) {
    assertThat(
            new ModificationTag(guid, index)
                .isSucceededBy(new ModificationTag(otherGuid, otherIndex)))
        .isEqualTo(succeeded);
  }

  @Test
  void the_index_of_a_tag_is_an_unsigned_number_of_32_bits() {
    assertThat(new ModificationTag("a", ModificationTag.LARGEST_INDEX).next())
        .isEqualTo(new ModificationTag("a", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ModificationTag("a", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ModificationTag("a", 1L << 32));
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, '', true", "ALL, a, true", "ALL, b, true",
    "SEGMENTS, '', false", "SEGMENTS, a, true", "SEGMENTS, b, false",
    "SHARED_AND_SEGMENTS, '', true", "SHARED_AND_SEGMENTS, a, true", "SHARED_AND_SEGMENTS, b, false"
  })
  void segments_are_taken_by_mode(SegmentMode mode, String segment, boolean taken) {
    assertThat(mode.admits(segment, Set.of("a"))).isEqualTo(taken);
  }

  @Test
  void a_registry_that_would_keep_nothing_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new EndpointRegistryConfig(
                    Duration.ofSeconds(1), true, SegmentMode.SEGMENTS, Set.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new EndpointRegistryConfig(Duration.ZERO, true, SegmentMode.ALL, Set.of()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void ports_have_16_bits(int port) {
    RouteMessage.Builder message = RouteMessage.to(RouteHost.parse("db"), List.of());

    assertThatIllegalArgumentException().isThrownBy(() -> message.port(port).build());
    assertThatIllegalArgumentException().isThrownBy(() -> message.port(1).tlsPort(port).build());
  }
}
