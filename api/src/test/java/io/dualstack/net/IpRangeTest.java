package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,                  10.0.0.1",
    "10.0.0.1-10.0.0.9,         10.0.0.1-10.0.0.9",
    "10.0.0.1 - 10.0.0.9,       10.0.0.1-10.0.0.9",
    "10.0.0.1   -10.0.0.9,      10.0.0.1-10.0.0.9",
    "10.0.0.1-10.0.0.1,         10.0.0.1",
    "10.0.0.0/30,               10.0.0.0-10.0.0.3",
    "2001:db8::/127,            2001:db8::-2001:db8::1",
    "2001:DB8::1 - 2001:DB8::f, 2001:db8::1-2001:db8::f",
  })
  void is_read_in_every_form_and_written_in_one(String read, String written) {
    assertThat(IpRange.parse(read)).hasToString(written);
    assertThat(IpRange.parse(written)).isEqualTo(IpRange.parse(read));
  }

  @Test
  void two_families_or_a_backward_order_are_no_range() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpRange.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("::1")))
        .withMessage(
            "10.0.0.1-::1: starts as IPv4 and ends as IPv6; use two addresses of one family");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpRange.of(IpAddress.parse("::2"), IpAddress.parse("::1")))
        .withMessage("::2-::1: runs backwards; write ::1-::2");
  }

  @Test
  void is_covered_by_the_fewest_prefixes() {
    assertThat(prefixes("10.0.3.64-10.0.3.99")).containsExactly("10.0.3.64/27", "10.0.3.96/30");
    assertThat(prefixes("10.0.3.200-10.0.3.215")).containsExactly("10.0.3.200/29", "10.0.3.208/29");
    assertThat(prefixes("2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::"))
        .containsExactly("2001:db8::ffff:ffff:ffff:ffff/128", "2001:db8:0:1::/128");
    assertThat(prefixes("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).containsExactly("::/0");
    assertThat(prefixes("0.0.0.0-255.255.255.255")).containsExactly("0.0.0.0/0");
    assertThat(prefixes("0.0.0.1-255.255.255.254")).hasSize(62);
    assertThat(prefixes("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe")).hasSize(254);
  }

  private static Stream<String> prefixes(String range) {
    return IpRange.parse(range).toPrefixes().stream().map(IpPrefix::toString);
  }

  @Test
  void the_end_of_one_family_does_not_touch_the_start_of_the_other() {
    IpRange lastOfIpv4 = IpRange.single(IpFamily.IPV4.last());
    IpRange firstOfIpv6 = IpRange.single(IpFamily.IPV6.first());

    assertThat(lastOfIpv4.isAdjacentTo(firstOfIpv6)).isFalse();
    assertThat(lastOfIpv4.isAdjacentTo(IpRange.single(IpFamily.IPV4.first()))).isFalse();
    assertThat(lastOfIpv4.union(firstOfIpv6)).isEmpty();
    assertThat(IpRange.parse("10.0.0.1").isAdjacentTo(IpRange.parse("::a00:2"))).isFalse();
    assertThat(IpRange.parse("::a00:1").isAdjacentTo(IpRange.parse("10.0.0.2"))).isFalse();
  }

  @Test
  void subtracting_leaves_what_is_before_and_behind() {
    IpRange range = IpRange.parse("10.0.0.1-10.0.0.9");

    assertThat(range.subtract(IpRange.parse("10.0.0.4-10.0.0.6")))
        .extracting(IpRange::toString)
        .containsExactly("10.0.0.1-10.0.0.3", "10.0.0.7-10.0.0.9");
    assertThat(range.subtract(IpFamily.IPV4.all().toRange())).isEmpty();
    assertThat(range.subtract(IpFamily.IPV6.all().toRange())).containsExactly(range);
  }

  @Test
  void walks_its_addresses_to_the_end_of_the_family() {
    assertThat(IpRange.parse("255.255.255.254-255.255.255.255").addresses())
        .extracting(IpAddress::toString)
        .containsExactly("255.255.255.254", "255.255.255.255");
  }

  @Test
  void counts_its_addresses() {
    assertThat(IpRange.parse("10.0.0.1").size()).isEqualTo(1);
    assertThat(IpFamily.IPV6.all().toRange().size()).isEqualTo(BigInteger.TWO.pow(128));
    assertThat(IpRange.parse("::ffff:ffff:ffff:ffff-0:0:0:1::").size()).isEqualTo(2);
  }
}
