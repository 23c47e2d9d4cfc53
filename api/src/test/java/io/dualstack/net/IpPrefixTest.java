package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpPrefixTest {
  @Test
  void host_bits_are_refused_with_both_meanings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.of(IpAddress.parse("2001:db8::1"), 64))
        .withMessage(
            "2001:db8::1/64: host bits are set; did you mean 2001:db8::/64 (the network) or"
                + " 2001:db8::1/128 (the address)?");
    assertThat(IpPrefix.containing(IpAddress.parse("2001:db8::1"), 64))
        .isEqualTo(IpPrefix.parse("2001:db8::/64"));
  }

  @Test
  void a_length_outside_the_family_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.of(IpAddress.parse("10.0.0.0"), 33))
        .withMessage("/33: not a length of an IPv4 prefix; use 0 to 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.containing(IpAddress.parse("::"), 129));
  }

  @Test
  void a_64_is_cut_into_80s_in_the_order_of_the_rfc() {
    IpPrefix range = IpPrefix.parse("2001:db8:4e04:D139::/64");

    assertThat(range.count(80)).isEqualTo(65536);
    assertThat(range.nth(80, 0)).hasToString("2001:db8:4e04:d139::/80");
    assertThat(range.nth(80, 1)).hasToString("2001:db8:4e04:d139:1::/80");
    assertThat(range.nth(80, BigInteger.TWO)).hasToString("2001:db8:4e04:d139:2::/80");
    assertThat(range.nth(80, 65535)).hasToString("2001:db8:4e04:d139:ffff::/80");
    assertThat(range.split(80)).startsWith(range.nth(80, 0), range.nth(80, 1)).hasSize(65536);
  }

  @Test
  void cutting_is_lazy_and_ends() {
    Iterator<IpPrefix> addresses = IpPrefix.parse("::/0").split(128).iterator();
    assertThat(addresses.next()).hasToString("::/128");
    assertThat(addresses.next()).hasToString("::1/128");

    Iterator<IpPrefix> whole = IpPrefix.parse("::/0").split(0).iterator();
    assertThat(whole.next()).hasToString("::/0");
    assertThat(whole.hasNext()).isFalse();
    assertThatThrownBy(whole::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void blocks_on_both_sides_of_the_middle_are_counted() {
    IpPrefix range = IpPrefix.parse("2001:db8::/32");

    assertThat(range.count(128)).isEqualTo(BigInteger.TWO.pow(96));
    assertThat(range.nth(128, BigInteger.TWO.pow(95))).hasToString("2001:db8:8000::/128");
    assertThat(range.nth(128, BigInteger.TWO.pow(96).subtract(BigInteger.ONE)))
        .isEqualTo(range.last().toPrefix());
    assertThat(range.nth(96, 1L << 32)).hasToString("2001:db8:0:1::/96");
    assertThat(range.nth(128, Long.MAX_VALUE)).hasToString("2001:db8::7fff:ffff:ffff:ffff/128");
  }

  @Test
  void a_block_past_the_end_is_refused() {
    IpPrefix range = IpPrefix.parse("10.0.0.0/24");

    assertThatThrownBy(() -> range.nth(28, 16))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("10.0.0.0/24: has no /28 number 16; use 0 to 15");
    assertThatThrownBy(() -> range.nth(28, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> range.nth(28, BigInteger.valueOf(16)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> range.nth(28, BigInteger.valueOf(-1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> range.nth(23, 0))
        .withMessage("10.0.0.0/24: has no blocks of length 23; use 24 to 32");
    assertThatIllegalArgumentException().isThrownBy(() -> range.split(33));
    assertThatIllegalArgumentException().isThrownBy(() -> range.count(33));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/24,    10.0.1.0/24,  false, false, true",
    "10.0.0.0/24,    10.0.1.0/25,  false, false, true",
    "10.0.0.0/24,    10.0.2.0/24,  false, false, false",
    "10.0.0.0/8,     10.1.0.0/16,  true,  true,  false",
    "10.0.0.0/8,     10.0.0.0/8,   true,  true,  false",
    "10.1.0.0/16,    10.0.0.0/8,   false, true,  false",
    "::/0,           10.0.0.0/8,   false, false, false",
    "255.0.0.0/8,    ::/96,        false, false, false",
    "2001:db8::/64,  2001:db8:0:1::/64, false, false, true",
    "::/1,           8000::/1,     false, false, true",
  })
  void compares_with_another(
      IpPrefix one, IpPrefix other, boolean contains, boolean overlaps, boolean adjacent) {
    assertThat(one.contains(other)).isEqualTo(contains);
    assertThat(one.overlaps(other)).isEqualTo(overlaps);
    assertThat(other.overlaps(one)).isEqualTo(overlaps);
    assertThat(one.isAdjacentTo(other)).isEqualTo(adjacent);
    assertThat(other.isAdjacentTo(one)).isEqualTo(adjacent);
  }

  @Test
  void halves_make_up_their_parent() {
    IpPrefix upper = IpPrefix.parse("2001:db8:0:1::/64");

    assertThat(upper.parent()).hasValue(IpPrefix.parse("2001:db8::/63"));
    assertThat(upper.sibling()).hasValue(IpPrefix.parse("2001:db8::/64"));
    assertThat(IpPrefix.parse("::/0").parent()).isEmpty();
    assertThat(IpPrefix.parse("::/0").sibling()).isEmpty();
  }

  @Test
  void a_hole_leaves_one_block_for_each_bit() {
    IpPrefix whole = IpPrefix.parse("10.0.0.0/29");

    assertThat(whole.subtract(IpPrefix.parse("10.0.0.2/32")))
        .containsExactlyElementsOf(prefixes("10.0.0.0/31", "10.0.0.3/32", "10.0.0.4/30"));
    assertThat(whole.subtract(IpPrefix.parse("10.0.0.0/8"))).isEmpty();
    assertThat(whole.subtract(IpPrefix.parse("10.0.0.8/29"))).containsExactly(whole);
  }

  @Test
  void summarizing_joins_what_touches_and_drops_what_is_covered() {
    assertThat(
            IpPrefix.summarize(
                prefixes(
                    "2001:db8:0:1::/64",
                    "10.0.1.0/24",
                    "10.0.0.0/24",
                    "2001:db8::/64",
                    "10.0.0.128/25",
                    "10.0.2.0/24")))
        .containsExactlyElementsOf(prefixes("10.0.0.0/23", "10.0.2.0/24", "2001:db8::/63"));
  }

  @Test
  void a_block_sorts_before_what_it_contains() {
    assertThat(
            Stream.of("10.0.0.0/24", "::/0", "10.0.0.0/8", "9.0.0.0/32")
                .map(IpPrefix::parse)
                .sorted()
                .map(IpPrefix::toString))
        .containsExactly("9.0.0.0/32", "10.0.0.0/8", "10.0.0.0/24", "::/0");
  }

  @Test
  void knows_its_netmask_and_size() {
    assertThat(IpPrefix.parse("10.0.0.0/20").netmask()).hasToString("255.255.240.0");
    assertThat(IpPrefix.parse("0.0.0.0/0").netmask()).hasToString("0.0.0.0");
    assertThat(IpPrefix.parse("2001:db8::/64").netmask().toExpandedString())
        .isEqualTo("ffff:ffff:ffff:ffff:0000:0000:0000:0000");
    assertThat(IpPrefix.parse("::/0").size()).isEqualTo(BigInteger.TWO.pow(128));
    assertThat(IpPrefix.parse("::1/128").isSingle()).isTrue();
    assertThat(IpPrefix.single(IpAddress.parse("::1"))).isEqualTo(IpPrefix.parse("::1/128"));
  }

  @Test
  void a_mapped_prefix_is_refused_where_native_ipv6_is_required() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse("::ffff:10.0.0.0/104").requireNative())
        .withMessage(
            "::ffff:10.0.0.0/104: is an IPv4-mapped prefix (RFC 4291 section 2.5.5.2) where native"
                + " IPv6 is required; write 10.0.0.0/8 if IPv4 is meant");
    assertThat(IpPrefix.parse("::/0").requireNative()).hasToString("::/0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse("::/0").requireFamily(IpFamily.IPV4))
        .withMessage(
            "::/0: is an IPv6 prefix where an IPv4 prefix is required; use an IPv4 prefix");
  }

  private static List<IpPrefix> prefixes(String... texts) {
    return Stream.of(texts).map(IpPrefix::parse).toList();
  }
}
