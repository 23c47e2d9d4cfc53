package io.dualstack.net;

import java.util.Optional;

/**
 * An address together with the length of the network that it is on: {@code 10.0.0.5/24}, as an
 * interface is given it. Ordered by address, then by length, shorter first. Immutable.
 *
 * @param address the address with its host bits
 * @param prefixLength the length of its network, 0 to 32 or 128
 */
public record InterfaceAddress(IpAddress address, int prefixLength)
    implements Comparable<InterfaceAddress> {
  /**
   * Checks the length.
   *
   * @param address the address with its host bits
   * @param prefixLength the length of its network, 0 to 32 or 128
   * @throws IllegalArgumentException when the family has no such length
   */
  public InterfaceAddress {
    address.family().checkLength(prefixLength);
  }

  /**
   * Reads an address, a slash and the length of its network.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else
   */
  public static InterfaceAddress parse(String text) {
    return IpText.interfaceAddress(text);
  }

  /**
   * Reads an address with its length as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<InterfaceAddress> tryParse(String text) {
    return Optional.ofNullable(IpText.interfaceAddressOrNull(text));
  }

  /**
   * {@return an address on the network of this length}
   *
   * @param address the address
   * @param prefixLength the length of its network, 0 to 32 or 128
   * @throws IllegalArgumentException when the family has no such length
   */
  public static InterfaceAddress of(IpAddress address, int prefixLength) {
    return new InterfaceAddress(address, prefixLength);
  }

  /** {@return the family of the address} */
  public IpFamily family() {
    return address.family();
  }

  /** {@return the network that the address is on} */
  public IpPrefix network() {
    return IpPrefix.containing(address, prefixLength);
  }

  /**
   * {@return whether the address may be given to an interface of the network: in IPv4 neither the
   * network's own address nor its broadcast address, except on point-to-point links of length 31
   * (RFC 3021) and for length 32; in IPv6 not the subnet-router anycast address (RFC 4291 section
   * 2.6.1), except for length 127 (RFC 6164) and 128}
   */
  public boolean isHost() {
    if (prefixLength >= family().bits() - 1) {
      return true;
    }
    boolean isFirst = address.equals(address.mask(prefixLength));
    return !isFirst && (family() == IpFamily.IPV6 || !isBroadcast());
  }

  /** {@return whether this is the broadcast address of an IPv4 network of length 30 or shorter} */
  public boolean isBroadcast() {
    return family() == IpFamily.IPV4
        && prefixLength < 31
        && address.equals(address.fill(prefixLength));
  }

  @Override
  public int compareTo(InterfaceAddress other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + prefixLength;
  }

  /** Returns the address, a slash and the length. */
  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
