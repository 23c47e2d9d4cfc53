package io.dualstack.net;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One address of either family, as a number.
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}) is an IPv6 address and not equal to the
 * IPv4 address it carries; {@link #requireNative()} refuses it where it would be a mistake. There
 * are no zones: an address that needs one to be understood is refused by every factory. Immutable;
 * no operation costs more than a handful of instructions except where {@link BigInteger} or text
 * appears in the signature.
 *
 * @param family the family
 * @param high the upper 64 bits, unsigned; 0 for IPv4
 * @param low the lower 64 bits, unsigned; 0 to 0xffffffff for IPv4
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {
  private static final long IPV4_MAX = 0xffff_ffffL;

  /**
   * Checks the range of an IPv4 address.
   *
   * @param family the family
   * @param high the upper 64 bits, unsigned; 0 for IPv4
   * @param low the lower 64 bits, unsigned; 0 to 0xffffffff for IPv4
   * @throws IllegalArgumentException when an IPv4 address would need more than 32 bits
   */
  public IpAddress {
    if (family == IpFamily.IPV4 && (high != 0 || low < 0 || low > IPV4_MAX)) {
      throw new IllegalArgumentException(
          "0x%x%016x: more than the 32 bits of an IPv4 address; use 0 to 0xffffffff"
              .formatted(high, low));
    }
  }

  /**
   * Reads an address: dotted decimal or any of the forms of RFC 4291 section 2.2.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else, saying what it looks like
   */
  public static IpAddress parse(String text) {
    return IpText.address(text);
  }

  /**
   * Reads an address as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<IpAddress> tryParse(String text) {
    return Optional.ofNullable(IpText.addressOrNull(text));
  }

  /**
   * {@return the address of these bytes in network order} Sixteen bytes are always IPv6, also when
   * they hold an IPv4-mapped address.
   *
   * @param bytes 4 or 16 bytes
   * @throws IllegalArgumentException when there are neither 4 nor 16 bytes
   */
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> ipv4(Bits128.get(bytes, 0, 4));
      case 16 -> ipv6(Bits128.get(bytes, 0, 8), Bits128.get(bytes, 8, 8));
      default ->
          throw new IllegalArgumentException(
              "%d bytes: not an address; pass 4 or 16".formatted(bytes.length));
    };
  }

  /**
   * {@return the value of a JDK address}
   *
   * @param address the address
   * @throws IllegalArgumentException when it has a scope, which would be lost
   */
  public static IpAddress of(InetAddress address) {
    if (address instanceof Inet6Address six
        && (six.getScopeId() != 0 || six.getScopedInterface() != null)) {
      throw new IllegalArgumentException(
          "%s: has a scope, which means something on one host only; pass the address without it"
              .formatted(six.getHostAddress()));
    }
    return ofBytes(address.getAddress());
  }

  /**
   * {@return the address of a family with this number}
   *
   * @param family the family
   * @param number the number, unsigned
   * @throws IllegalArgumentException when the number is negative or too large for the family
   */
  public static IpAddress of(IpFamily family, BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > family.bits()) {
      throw new IllegalArgumentException(
          "%s: not the number of an %s address; use 0 to 2^%d - 1"
              .formatted(number, family.label(), family.bits()));
    }
    return new IpAddress(family, number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }

  /**
   * {@return the IPv4 address with this number}
   *
   * @param bits 0 to 0xffffffff
   * @throws IllegalArgumentException when the number is outside that
   */
  public static IpAddress ipv4(long bits) {
    return new IpAddress(IpFamily.IPV4, 0, bits);
  }

  /**
   * {@return the IPv6 address with these halves, both unsigned}
   *
   * @param high the upper 64 bits
   * @param low the lower 64 bits
   */
  public static IpAddress ipv6(long high, long low) {
    return new IpAddress(IpFamily.IPV6, high, low);
  }

  /** {@return the 4 or 16 bytes in network order, a new array each time} */
  public byte[] toBytes() {
    byte[] bytes = new byte[16];
    Bits128.put(high, bytes, 0);
    Bits128.put(low, bytes, 8);
    return family == IpFamily.IPV6 ? bytes : Arrays.copyOfRange(bytes, 12, 16);
  }

  /** {@return the JDK's form; an IPv4-mapped address stays an {@link Inet6Address}} */
  public InetAddress toInetAddress() {
    try {
      return family == IpFamily.IPV6
          ? Inet6Address.getByAddress(null, toBytes(), -1)
          : InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are addresses", e);
    }
  }

  /** {@return the address as an unsigned number} */
  public BigInteger toBigInteger() {
    return Bits128.toBigInteger(high, low);
  }

  /** {@return whether this is {@code 0.0.0.0} or {@code ::}} */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** {@return whether the address is inside {@code 127.0.0.0/8} (RFC 1122) or is {@code ::1}} */
  public boolean isLoopback() {
    return family == IpFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  /**
   * {@return whether the address is inside {@code 169.254.0.0/16} (RFC 3927) or {@code fe80::/10}}
   */
  public boolean isLinkLocal() {
    return family == IpFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >> 6;
  }

  /** {@return whether the address is inside {@code 224.0.0.0/4} (RFC 5771) or {@code ff00::/8}} */
  public boolean isMulticast() {
    return family == IpFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
  }

  /** {@return whether the address is an IPv6 unique local one, {@code fc00::/7} (RFC 4193)} */
  public boolean isUniqueLocal() {
    return family == IpFamily.IPV6 && high >>> 57 == 0xfc >> 1;
  }

  /** {@return whether the address is one of the private IPv4 networks of RFC 1918 section 3} */
  public boolean isPrivate() {
    return family == IpFamily.IPV4
        && (low >>> 24 == 10 || low >>> 20 == (172 << 4 | 1) || low >>> 16 == (192 << 8 | 168));
  }

  /**
   * {@return whether the address is reserved for documentation: the three networks of RFC 5737,
   * {@code 2001:db8::/32} (RFC 3849) and {@code 3fff::/20} (RFC 9637)}
   */
  public boolean isDocumentation() {
    if (family == IpFamily.IPV6) {
      return high >>> 32 == 0x2001_0db8L || high >>> 44 == 0x3fff0L;
    }
    long network = low >>> 8;
    return network == 0xc0_0002L || network == 0xc6_3364L || network == 0xcb_0071L;
  }

  /** {@return whether the address is inside {@code ::ffff:0:0/96}, RFC 4291 section 2.5.5.2} */
  public boolean isIpv4Mapped() {
    return family == IpFamily.IPV6 && high == 0 && low >>> 32 == 0xffff;
  }

  /** {@return the IPv4 address inside an IPv4-mapped one; empty for every other address} */
  public Optional<IpAddress> mappedIpv4() {
    return isIpv4Mapped() ? Optional.of(ipv4(low & IPV4_MAX)) : Optional.empty();
  }

  /**
   * {@return this address when it is of the family}
   *
   * @param required the family that is required
   * @throws IllegalArgumentException when it is of the other one
   */
  public IpAddress requireFamily(IpFamily required) {
    if (family != required) {
      throw new IllegalArgumentException(
          "%s: is an %s address where an %s address is required; use an %s address"
              .formatted(this, family.label(), required.label(), required.label()));
    }
    return this;
  }

  /**
   * {@return this address when it is what its family says: not an IPv4 address in IPv6 notation}
   *
   * @throws IllegalArgumentException when it {@linkplain #isIpv4Mapped() is IPv4-mapped}
   */
  public IpAddress requireNative() {
    if (isIpv4Mapped()) {
      throw new IllegalArgumentException(
          "%s: is an IPv4-mapped address (RFC 4291 section 2.5.5.2) where native IPv6 is required; write %s if IPv4 is meant"
              .formatted(this, ipv4(low & IPV4_MAX)));
    }
    return this;
  }

  /** {@return the address one higher; empty at the end of the family} */
  public Optional<IpAddress> next() {
    return equals(family.last()) ? Optional.empty() : Optional.of(moved(0, 1));
  }

  /** {@return the address one lower; empty at the start of the family} */
  public Optional<IpAddress> previous() {
    return isUnspecified() ? Optional.empty() : Optional.of(moved(-1, -1));
  }

  /**
   * {@return the address this many further on, or further back when negative}
   *
   * @param offset how far to move
   * @throws ArithmeticException when that is past either end of the family
   */
  public IpAddress plus(long offset) {
    long newHigh = Bits128.plusHigh(high, low, offset >> 63, offset);
    long newLow = Bits128.plusLow(low, offset);
    boolean wrapped =
        family == IpFamily.IPV4
            ? newLow >>> 32 != 0
            : (Bits128.compare(newHigh, newLow, high, low) < 0) != (offset < 0);
    if (wrapped) {
      throw pastTheEnd(BigInteger.valueOf(offset));
    }
    return new IpAddress(family, newHigh, newLow);
  }

  /**
   * {@return the address this many further on, or further back when negative}
   *
   * @param offset how far to move
   * @throws ArithmeticException when that is past either end of the family
   */
  public IpAddress plus(BigInteger offset) {
    BigInteger sum = toBigInteger().add(offset);
    if (sum.signum() < 0 || sum.bitLength() > family.bits()) {
      throw pastTheEnd(offset);
    }
    return of(family, sum);
  }

  private ArithmeticException pastTheEnd(BigInteger offset) {
    return new ArithmeticException(
        "%s: moving by %s leaves %s; stay within %s to %s"
            .formatted(this, offset, family.label(), family.first(), family.last()));
  }

  /** Adds without a check; for callers that know that the result is in the family. */
  IpAddress moved(long byHigh, long byLow) {
    long newHigh = Bits128.plusHigh(high, low, byHigh, byLow);
    return new IpAddress(family, newHigh, Bits128.plusLow(low, byLow));
  }

  /**
   * {@return the first address of the block of this length around the address: every bit behind the
   * length is zero}
   *
   * @param length 0 to {@link IpFamily#bits()}
   * @throws IllegalArgumentException when the family has no such length
   */
  public IpAddress mask(int length) {
    int hostBits = family.bits() - family.checkLength(length);
    return new IpAddress(
        family, high & ~Bits128.lowOnesHigh(hostBits), low & ~Bits128.lowOnesLow(hostBits));
  }

  /** Returns the last address of the block of this length around the address. */
  IpAddress fill(int length) {
    int hostBits = family.bits() - length;
    return new IpAddress(
        family, high | Bits128.lowOnesHigh(hostBits), low | Bits128.lowOnesLow(hostBits));
  }

  /** {@return the prefix of full length, /32 or /128, that holds this address alone} */
  public IpPrefix toPrefix() {
    return new IpPrefix(this, family.bits());
  }

  /** {@return the text for the host of a URI, RFC 3986 section 3.2.2: IPv6 in brackets} */
  public String toUriHost() {
    return family == IpFamily.IPV6 ? "[" + this + "]" : toString();
  }

  /**
   * {@return IPv6 with every group and every digit, such as {@code
   * 2001:0db8:0000:0000:0000:0000:0000:0001}, and IPv4 as usual}
   */
  public String toExpandedString() {
    return Rfc5952.expanded(this);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    return byFamily != 0 ? byFamily : Bits128.compare(high, low, other.high, other.low);
  }

  /** Returns the same number in every run, which the hash of an enum alone would not give. */
  @Override
  public int hashCode() {
    return (31 * Long.hashCode(high) + Long.hashCode(low)) * 31 + family.bits();
  }

  /**
   * Returns dotted decimal or RFC 5952 text. IPv4-mapped addresses end in dotted decimal (section
   * 5), all others are hexadecimal throughout.
   */
  @Override
  public String toString() {
    return Rfc5952.text(this);
  }
}
