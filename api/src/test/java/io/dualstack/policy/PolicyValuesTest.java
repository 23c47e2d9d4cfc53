package io.dualstack.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyValuesTest {

  private static final Traffic WEB =
      new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(443)));

  private static PolicyDestination addresses(Traffic traffic, String... ranges) {
    return new PolicyDestination.Addresses(
        List.of(ranges).stream().map(IpRange::parse).toList(), traffic);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 01", "255, 1, FF", "1, 2, 0001", "43981, 2, ABCD", "16777215, 3, FFFFFF"})
  void tags_are_upper_case_and_two_digits_to_a_byte(int number, int length, String text) {
    assertThat(new PolicyTag(number, length)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "65536, 2", "256, 1", "1, 0", "1, 4"})
  void numbers_and_lengths_out_of_range_are_no_tags(int number, int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicyTag(number, length));
  }

  @Test
  void the_apps_of_a_policy_are_its_ends_each_once() {
    assertThat(
            new NetworkPolicy("a", new PolicyDestination.App("b", Protocol.UDP, PortRange.of(1, 2)))
                .apps())
        .containsExactlyInAnyOrder("a", "b");
    assertThat(
            new NetworkPolicy("a", new PolicyDestination.App("a", Protocol.UDP, PortRange.of(1, 2)))
                .apps())
        .containsExactly("a");
    assertThat(new NetworkPolicy("a", addresses(WEB, "::1")).apps()).containsExactly("a");
  }

  @Test
  void a_destination_is_tcp_or_udp_to_ports_from_1() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PolicyDestination.App("b", Protocol.SCTP, PortRange.single(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PolicyDestination.App("b", Protocol.TCP, PortRange.of(0, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PolicyDestination.App("", Protocol.TCP, PortRange.single(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkPolicy("x".repeat(256), addresses(WEB, "192.0.2.1")));
  }

  @Test
  void addresses_are_equal_however_they_are_written_and_in_whatever_order() {
    assertThat(addresses(WEB, "2001:DB8::1", "192.0.2.1-192.0.2.9", "2001:db8:0::1"))
        .isEqualTo(addresses(WEB, "192.0.2.1-192.0.2.9", "2001:db8::1"));
  }

  @Test
  void addresses_go_with_what_runs_over_their_family() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> addresses(new Traffic.Icmp(IpFamily.IPV4, -1, -1), "2001:db8::1"))
        .withMessageContaining("use icmpv6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> addresses(new Traffic.Icmp(IpFamily.IPV6, -1, -1), "192.0.2.1"))
        .withMessageContaining("use icmp");
    assertThatIllegalArgumentException().isThrownBy(() -> addresses(new Traffic.All(), "::1"));
    assertThatIllegalArgumentException().isThrownBy(() -> addresses(WEB));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> addresses(WEB, "::ffff:192.0.2.1"))
        .withMessageContaining("IPv4-mapped");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                addresses(
                    new Traffic.Ports(
                        Protocol.TCP, List.of(PortRange.single(1), PortRange.single(9))),
                    "::1"))
        .withMessageContaining("one range of ports");
  }

  @Test
  void tags_belong_to_applications_alone() {
    PolicyTag tag = new PolicyTag(1, 2);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TaggedPolicy(new NetworkPolicy("a", addresses(WEB, "::1")), tag, tag));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TaggedPolicy(
                    new NetworkPolicy(
                        "a", new PolicyDestination.App("b", Protocol.TCP, PortRange.single(1))),
                    tag,
                    null));
  }

  @ParameterizedTest
  @CsvSource({"'', n", "0123456789012345678901234567890123456, n"})
  void guids_of_security_groups_have_1_to_36_characters(String guid, String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> group(guid, name));
  }

  @Test
  void names_of_security_groups_have_at_most_255_characters() {
    assertThat(group("g", "n".repeat(255)).name()).hasSize(255);
    assertThatIllegalArgumentException().isThrownBy(() -> group("g", "n".repeat(256)));
  }

  private static BoundSecurityGroup group(String guid, String name) {
    return new BoundSecurityGroup(guid, name, List.of(), false, false, Set.of(), Set.of());
  }
}
