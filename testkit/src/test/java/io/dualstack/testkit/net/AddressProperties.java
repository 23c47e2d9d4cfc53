package io.dualstack.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Addresses against plain numbers. */
class AddressProperties {
  private static final Comparator<IpAddress> BY_NUMBER =
      Comparator.comparing(IpAddress::family).thenComparing(IpAddress::toBigInteger);

  @Property
  void an_address_is_its_number(@ForAll IpAddress address) {
    assertThat(IpAddress.of(address.family(), address.toBigInteger())).isEqualTo(address);
    assertThat(address.toBigInteger()).isEqualTo(new BigInteger(1, address.toBytes()));
    assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
    assertThat(address.toBytes()).hasSize(address.family().bytes());
  }

  @Property
  void a_jdk_address_and_back_is_the_same(@ForAll IpAddress address) {
    assertThat(IpAddress.of(address.toInetAddress())).isEqualTo(address);
  }

  @Property
  void addresses_are_ordered_by_family_and_number(@ForAll IpAddress a, @ForAll IpAddress b) {
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(BY_NUMBER.compare(a, b)));
    assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
    assertThat(Integer.signum(b.compareTo(a))).isEqualTo(-Integer.signum(a.compareTo(b)));
  }

  @Property
  void prefixes_are_ordered_by_first_address_and_length(@ForAll IpPrefix a, @ForAll IpPrefix b) {
    ordered(
        a, b, Comparator.comparing(IpPrefix::first, BY_NUMBER).thenComparingInt(IpPrefix::length));
  }

  @Property
  void ranges_are_ordered_by_their_ends(@ForAll IpRange a, @ForAll IpRange b) {
    ordered(
        a,
        b,
        Comparator.comparing(IpRange::first, BY_NUMBER).thenComparing(IpRange::last, BY_NUMBER));
  }

  @Property
  void interface_addresses_are_ordered_by_address_and_length(
      @ForAll InterfaceAddress a, @ForAll InterfaceAddress b) {
    ordered(
        a,
        b,
        Comparator.comparing(InterfaceAddress::address, BY_NUMBER)
            .thenComparingInt(InterfaceAddress::prefixLength));
  }

  @Property
  void endpoints_are_ordered_by_address_and_port(@ForAll IpEndpoint a, @ForAll IpEndpoint b) {
    ordered(
        a,
        b,
        Comparator.comparing(IpEndpoint::address, BY_NUMBER).thenComparingInt(IpEndpoint::port));
  }

  @Property
  void ports_protocols_and_hardware_addresses_are_ordered_by_number(
      @ForAll PortRange a,
      @ForAll PortRange b,
      @ForAll Protocol c,
      @ForAll Protocol d,
      @ForAll MacAddress e,
      @ForAll MacAddress f) {
    ordered(a, b, Comparator.comparingInt(PortRange::first).thenComparingInt(PortRange::last));
    ordered(c, d, Comparator.comparingInt(Protocol::number));
    ordered(e, f, Comparator.comparingLong(MacAddress::bits));
  }

  /** Orders as the comparator does, to and fro, and calls the same equal. */
  private static <T extends Comparable<T>> void ordered(T a, T b, Comparator<T> order) {
    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(order.compare(a, b)));
    assertThat(Integer.signum(b.compareTo(a))).isEqualTo(-Integer.signum(a.compareTo(b)));
    assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
  }

  @Property
  void the_next_address_is_one_more(@ForAll IpAddress address) {
    BigInteger next = address.toBigInteger().add(BigInteger.ONE);

    assertThat(address.next().map(IpAddress::toBigInteger).orElse(next)).isEqualTo(next);
    assertThat(address.next().isEmpty()).isEqualTo(address.equals(address.family().last()));
    assertThat(address.next().flatMap(IpAddress::previous).orElse(address)).isEqualTo(address);
    assertThat(address.previous().isEmpty()).isEqualTo(address.equals(address.family().first()));
  }

  @Property
  void moving_is_adding_or_an_error(@ForAll IpAddress address, @ForAll long offset) {
    BigInteger sum = address.toBigInteger().add(BigInteger.valueOf(offset));
    if (sum.signum() < 0 || sum.bitLength() > address.family().bits()) {
      assertThatThrownBy(() -> address.plus(offset)).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> address.plus(BigInteger.valueOf(offset)))
          .isInstanceOf(ArithmeticException.class);
    } else {
      assertThat(address.plus(offset).toBigInteger()).isEqualTo(sum);
      assertThat(address.plus(BigInteger.valueOf(offset))).isEqualTo(address.plus(offset));
      assertThat(address.plus(offset).family()).isEqualTo(address.family());
    }
  }

  @Property
  void moving_by_a_little_is_adding_or_an_error(
      @ForAll IpAddress address, @ForAll @IntRange(min = -300, max = 300) int offset) {
    moving_is_adding_or_an_error(address, offset);
  }

  @Property
  void masking_clears_the_bits_behind_every_length(@ForAll IpAddress address) {
    IpFamily family = address.family();
    for (int length : IntStream.rangeClosed(0, family.bits()).toArray()) {
      int hostBits = family.bits() - length;
      BigInteger masked = address.toBigInteger().shiftRight(hostBits).shiftLeft(hostBits);

      assertThat(address.mask(length).toBigInteger()).isEqualTo(masked);
    }
  }
}
