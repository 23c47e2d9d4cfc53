package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  static Stream<Arguments> kinds() {
    return Stream.of(
        kind(IpAddress::isUnspecified, "0.0.0.0 ::", "0.0.0.1 ::1 ::ffff:0.0.0.0"),
        kind(
            IpAddress::isLoopback,
            "127.0.0.0 127.255.255.255 ::1",
            "126.255.255.255 128.0.0.0 :: ::2 ::ffff:127.0.0.1"),
        kind(
            IpAddress::isLinkLocal,
            "169.254.0.0 169.254.255.255 fe80:: febf:ffff::",
            "169.253.255.255 169.255.0.0 fec0:: fe7f::"),
        kind(
            IpAddress::isMulticast,
            "224.0.0.0 239.255.255.255 ff00:: ff02::1",
            "223.255.255.255 240.0.0.0 fe00::"),
        kind(IpAddress::isUniqueLocal, "fc00:: fdff:ffff::", "fbff:: fe00:: 10.0.0.1 252.0.0.0"),
        kind(
            IpAddress::isPrivate,
            "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255",
            "9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 ::a00:1"),
        kind(
            IpAddress::isDocumentation,
            "192.0.2.0 198.51.100.1 203.0.113.255 2001:db8:: 2001:db8:ffff::1 3fff:: 3fff:fff::",
            "192.0.1.255 192.0.3.0 198.51.101.0 203.0.112.255 2001:db7:: 2001:db9:: 3fff:1000::"),
        kind(
            IpAddress::isIpv4Mapped,
            "::ffff:0.0.0.0 ::ffff:255.255.255.255",
            "::fffe:10.0.0.1 ::1:ffff:10.0.0.1 10.0.0.1 1::ffff:10.0.0.1"));
  }

  private static Arguments kind(Predicate<IpAddress> test, String inside, String outside) {
    return Arguments.of(test, inside, outside);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void knows_its_kind_at_both_edges(Predicate<IpAddress> test, String inside, String outside) {
    assertThat(inside.split(" ")).extracting(IpAddress::parse).allMatch(test);
    assertThat(outside.split(" ")).extracting(IpAddress::parse).noneMatch(test);
  }

  @Test
  void a_mapped_address_is_not_the_address_it_carries() {
    IpAddress mapped = IpAddress.parse("::ffff:10.0.0.1");

    assertThat(mapped).isNotEqualTo(IpAddress.parse("10.0.0.1"));
    assertThat(mapped.mappedIpv4()).hasValue(IpAddress.parse("10.0.0.1"));
    assertThat(IpAddress.parse("2001:db8::1").mappedIpv4()).isEmpty();
  }

  @Test
  void a_mapped_address_is_refused_where_native_ipv6_is_required() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("::ffff:10.0.0.1").requireNative())
        .withMessage(
            "::ffff:10.0.0.1: is an IPv4-mapped address (RFC 4291 section 2.5.5.2) where native"
                + " IPv6 is required; write 10.0.0.1 if IPv4 is meant");
    assertThat(IpAddress.parse("10.0.0.1").requireNative()).hasToString("10.0.0.1");
  }

  @Test
  void an_address_of_the_other_family_is_refused_where_one_is_required() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("10.0.0.1").requireFamily(IpFamily.IPV6))
        .withMessage(
            "10.0.0.1: is an IPv4 address where an IPv6 address is required; use an IPv6 address");
    assertThat(IpAddress.parse("::1").requireFamily(IpFamily.IPV6)).hasToString("::1");
  }

  @Test
  void sixteen_bytes_are_ipv6_even_when_mapped() throws Exception {
    IpAddress mapped = IpAddress.parse("::ffff:10.0.0.1");

    assertThat(IpAddress.ofBytes(mapped.toBytes())).isEqualTo(mapped);
    assertThat(mapped.toInetAddress()).isInstanceOf(Inet6Address.class);
    assertThat(IpAddress.of(mapped.toInetAddress())).isEqualTo(mapped);
  }

  @Test
  void a_scoped_jdk_address_is_refused() throws Exception {
    Inet6Address scoped = Inet6Address.getByAddress(null, IpAddress.parse("fe80::1").toBytes(), 3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.of(scoped))
        .withMessageEndingWith(
            "has a scope, which means something on one host only; pass the address without it");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15, 17})
  void other_numbers_of_bytes_are_no_address(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.ofBytes(new byte[length]))
        .withMessage(length + " bytes: not an address; pass 4 or 16");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0x1_0000_0000L})
  void an_ipv4_number_has_32_bits(long bits) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.ipv4(bits));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.of(IpFamily.IPV4, BigInteger.valueOf(bits)));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(IpFamily.IPV4, 1, 0));
  }

  @Test
  void a_family_ends_and_does_not_wrap() {
    for (IpFamily family : IpFamily.values()) {
      assertThat(family.last().next()).isEmpty();
      assertThat(family.first().previous()).isEmpty();
      assertThatThrownBy(() -> family.last().plus(1)).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> family.first().plus(-1)).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> family.first().plus(family.all().size()))
          .isInstanceOf(ArithmeticException.class);
    }
    assertThatThrownBy(() -> IpAddress.parse("255.255.255.250").plus(6))
        .hasMessage(
            "255.255.255.250: moving by 6 leaves IPv4; stay within 0.0.0.0 to 255.255.255.255");
    assertThatThrownBy(() -> IpAddress.parse("0.0.0.1").plus(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void counting_crosses_the_middle_of_an_ipv6_address() {
    IpAddress below = IpAddress.parse("2001:db8::ffff:ffff:ffff:ffff");
    IpAddress above = IpAddress.parse("2001:db8:0:1::");

    assertThat(below.next()).hasValue(above);
    assertThat(above.previous()).hasValue(below);
    assertThat(below.plus(1)).isEqualTo(above);
    assertThat(above.plus(-1)).isEqualTo(below);
  }

  @Test
  void addresses_sort_as_unsigned_numbers_with_ipv4_first() {
    assertThat(
            Stream.of("ffff::", "::1", "8000::", "10.0.0.1", "::8000:0:0:0", "255.0.0.1", "::")
                .map(IpAddress::parse)
                .sorted()
                .map(IpAddress::toString))
        .containsExactly("10.0.0.1", "255.0.0.1", "::", "::1", "::8000:0:0:0", "8000::", "ffff::");
  }

  @Test
  void a_length_outside_the_family_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("10.0.0.1").mask(33))
        .withMessage("/33: not a length of an IPv4 prefix; use 0 to 32");
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse("::1").mask(-1));
  }
}
