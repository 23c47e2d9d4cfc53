package io.dualstack.cni;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses of one subnet that host-local hands out, complete: what a configuration left
 * out has its default. Immutable. The texts of refusals are host-local's own.
 *
 * @param subnet the subnet, /30 or /126 at the longest
 * @param rangeStart the first address, inside the subnet
 * @param rangeEnd the last address, inside the subnet and not before the first
 * @param gateway the next hop, which is never handed out; usually inside the subnet
 */
public record AddressRange(
    IpPrefix subnet, IpAddress rangeStart, IpAddress rangeEnd, IpAddress gateway) {

  /**
   * Checks that the range lies inside its subnet.
   *
   * @param subnet the subnet, /30 or /126 at the longest
   * @param rangeStart the first address
   * @param rangeEnd the last address
   * @param gateway the next hop
   * @throws IllegalArgumentException if the subnet is too small, or the range is empty or not
   *     inside
   */
  public AddressRange {
    if (subnet.length() > subnet.family().bits() - 2) {
      throw new IllegalArgumentException("Network %s too small to allocate from".formatted(subnet));
    }
    if (!subnet.contains(rangeStart)) {
      throw new IllegalArgumentException(
          "RangeStart %s not in network %s".formatted(rangeStart, subnet));
    }
    if (!subnet.contains(rangeEnd) || rangeEnd.compareTo(rangeStart) < 0) {
      throw new IllegalArgumentException(
          "RangeEnd %s not in network %s".formatted(rangeEnd, subnet));
    }
  }

  /**
   * Returns the whole of a subnet: gateway and first address are the one after the network's, the
   * last address is the subnet's last, before the broadcast address in IPv4.
   *
   * @param subnet the subnet, /30 or /126 at the longest
   * @return the range
   * @throws IllegalArgumentException if the subnet is too small
   */
  public static AddressRange of(IpPrefix subnet) {
    return of(subnet, null, null, null);
  }

  /**
   * Returns a range with the defaults of {@link #of(IpPrefix)} where null is given.
   *
   * @param subnet the subnet, /30 or /126 at the longest
   * @param rangeStart the first address, or null
   * @param rangeEnd the last address, or null
   * @param gateway the next hop, or null
   * @return the range
   * @throws IllegalArgumentException if the subnet is too small, or the range is empty or not
   *     inside
   */
  public static AddressRange of(
      IpPrefix subnet,
      @Nullable IpAddress rangeStart,
      @Nullable IpAddress rangeEnd,
      @Nullable IpAddress gateway) {
    if (subnet.length() > subnet.family().bits() - 2) {
      throw new IllegalArgumentException("Network %s too small to allocate from".formatted(subnet));
    }
    IpAddress second = subnet.first().plus(1);
    IpAddress last = subnet.family() == IpFamily.IPV4 ? subnet.last().plus(-1) : subnet.last();
    if (rangeStart != null && rangeEnd != null && rangeStart.compareTo(rangeEnd) > 0) {
      throw new IllegalArgumentException(
          "RangeStart %s not in network %s".formatted(rangeStart, subnet));
    }
    return new AddressRange(
        subnet,
        rangeStart == null ? second : rangeStart,
        rangeEnd == null ? last : rangeEnd,
        gateway == null ? second : gateway);
  }

  /**
   * Returns the family.
   *
   * @return the subnet's
   */
  public IpFamily family() {
    return subnet.family();
  }

  /**
   * Tells whether an address lies between start and end; the gateway may do so too.
   *
   * @param address the address
   * @return whether it does
   */
  public boolean contains(IpAddress address) {
    return address.family() == family()
        && rangeStart.compareTo(address) <= 0
        && address.compareTo(rangeEnd) <= 0;
  }

  /**
   * Tells whether an address of the range is withheld: the gateway, and in IPv6 the subnet-router
   * anycast address (RFC 4291 section 2.6.1), which is the subnet's first.
   *
   * @param address the address
   * @return whether it is never handed out
   */
  public boolean isWithheld(IpAddress address) {
    return address.equals(gateway) || (family() == IpFamily.IPV6 && address.equals(subnet.first()));
  }

  /**
   * Tells whether the two share an address.
   *
   * @param other the other range
   * @return whether they do; never if their families differ
   */
  public boolean overlaps(AddressRange other) {
    return family() == other.family()
        && rangeStart.compareTo(other.rangeEnd) <= 0
        && other.rangeStart.compareTo(rangeEnd) <= 0;
  }

  /** Returns {@code start-end}, as host-local names a range. */
  @Override
  public String toString() {
    return rangeStart + "-" + rangeEnd;
  }
}
