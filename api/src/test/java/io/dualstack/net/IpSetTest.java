package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IpSetTest {
  @Test
  void one_form_however_it_was_made() {
    IpSet joined = set("10.0.0.4-10.0.0.9", "10.0.0.0-10.0.0.3", "10.0.0.8-10.0.0.15", "::1");

    assertThat(joined)
        .isEqualTo(IpSet.ofPrefixes(List.of(prefix("10.0.0.0/28"), prefix("::1/128"))))
        .hasSameHashCodeAs(set("::1", "10.0.0.0/28"))
        .hasToString("{10.0.0.0-10.0.0.15, ::1}");
    assertThat(joined.prefixes()).containsExactly(prefix("10.0.0.0/28"), prefix("::1/128"));
    assertThat(joined.ranges()).hasSize(2);
    assertThat(joined.iterator().next()).hasToString("10.0.0.0-10.0.0.15");
  }

  @Test
  void families_do_not_touch() {
    assertThat(IpSet.all().ranges()).hasSize(2);
    assertThat(set("10.0.0.1", "::a00:2").ranges()).hasSize(2);
    assertThat(IpSet.all(IpFamily.IPV4).union(IpSet.all(IpFamily.IPV6)))
        .isEqualTo(IpSet.all())
        .isNotEqualTo(IpSet.all(IpFamily.IPV4));
    assertThat(IpSet.all().only(IpFamily.IPV6)).isEqualTo(IpSet.all(IpFamily.IPV6));
    assertThat(IpSet.EMPTY.only(IpFamily.IPV4)).isEqualTo(IpSet.empty());
    assertThat(IpSet.EMPTY.complement()).isEqualTo(IpSet.all());
    assertThat(IpSet.all().complement()).isEqualTo(IpSet.EMPTY);
    assertThat(IpSet.all(IpFamily.IPV4).complement()).isEqualTo(IpSet.all(IpFamily.IPV6));
  }

  @Test
  void a_block_is_contained_only_in_one_piece() {
    IpSet set = set("10.0.0.0-10.0.0.127", "10.0.0.129-10.0.0.255");

    assertThat(set.contains(prefix("10.0.0.0/25"))).isTrue();
    assertThat(set.contains(prefix("10.0.0.0/24"))).isFalse();
    assertThat(set.contains(prefix("10.0.0.128/32"))).isFalse();
    assertThat(set.overlaps(prefix("10.0.0.128/32"))).isFalse();
    assertThat(set.overlaps(prefix("10.0.0.0/8"))).isTrue();
    assertThat(set.contains(prefix("::/0"))).isFalse();
    assertThat(set.contains(IpRange.parse("10.0.0.130-10.0.0.140"))).isTrue();
    assertThat(set.overlaps(IpRange.parse("10.0.1.0-10.0.2.0"))).isFalse();
  }

  @Test
  void shows_the_whole_ranges_that_overlap_one() {
    IpSet set = set("10.0.0.0-10.0.0.9", "10.0.0.20-10.0.0.29", "10.0.0.40-10.0.0.49", "::1");

    assertThat(set.overlapping(IpRange.parse("10.0.0.9-10.0.0.20")))
        .isEqualTo(set("10.0.0.0-10.0.0.9", "10.0.0.20-10.0.0.29"));
    assertThat(set.overlapping(IpRange.parse("10.0.0.10-10.0.0.19"))).isEqualTo(IpSet.EMPTY);
    assertThat(set.overlapping(IpRange.parse("10.0.0.30-10.0.0.45")))
        .isEqualTo(set("10.0.0.40-10.0.0.49"));
    assertThat(set.overlapping(IpFamily.IPV6.all().toRange())).isEqualTo(set("::1"));
  }

  @Test
  void counts_addresses_of_each_family() {
    IpSet set = set("10.0.0.0/24", "10.1.0.0/24", "2001:db8::/64");

    assertThat(set.size(IpFamily.IPV4)).isEqualTo(512);
    assertThat(set.size(IpFamily.IPV6)).isEqualTo(BigInteger.TWO.pow(64));
    assertThat(IpSet.EMPTY.size(IpFamily.IPV4)).isZero();
    assertThat(IpSet.EMPTY.isEmpty()).isTrue();
    assertThat(set.isEmpty()).isFalse();
  }

  @Test
  void cannot_be_changed_through_its_views() {
    IpSet set = set("10.0.0.0/24", "::1");

    assertThatThrownBy(() -> set.ranges().remove(0))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> set.only(IpFamily.IPV4).ranges().add(IpRange.parse("::1")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(
            () -> {
              var ranges = set.iterator();
              ranges.next();
              ranges.remove();
            })
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static IpSet set(String... ranges) {
    return IpSet.of(Stream.of(ranges).map(IpRange::parse).toList());
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text);
  }

  @Test
  void is_read_from_what_it_writes_and_from_items_between_commas() {
    IpSet set = IpSet.parse("{10.0.0.0-10.0.0.255, ::1}");

    assertThat(set).hasToString("{10.0.0.0-10.0.0.255, ::1}");
    assertThat(IpSet.parse(" 10.0.0.128/25,10.0.0.0 - 10.0.0.127 , ::1")).isEqualTo(set);
    assertThat(IpSet.parse("")).isEqualTo(IpSet.EMPTY);
    assertThat(IpSet.parse(IpSet.EMPTY.toString())).isEqualTo(IpSet.EMPTY);
    assertThat(IpSet.tryParse("10.0.0.0/24,")).isEmpty();
    assertThatThrownBy(() -> IpSet.parse("{10.0.0.1"))
        .isInstanceOf(AddressSyntaxException.class)
        .hasMessage("\"{10.0.0.1\": the closing brace is missing");
    assertThatThrownBy(() -> IpSet.parse("10.0.0.1}"))
        .hasMessage("\"10.0.0.1}\": the opening brace is missing");
    assertThatThrownBy(() -> IpSet.parse("10.0.0.1, 10.0.0.300"))
        .isInstanceOf(AddressSyntaxException.class)
        .hasMessageStartingWith("\"10.0.0.300\": ");
  }
}
