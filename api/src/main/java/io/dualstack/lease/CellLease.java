package io.dualstack.lease;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;

/**
 * A cell's share of the overlay network. Natural order is the order of subnets.
 *
 * @param underlayIp the cell's address in the network beneath, which names the cell; IPv4
 * @param overlaySubnet the cell's subnet; its first address is the cell's own; IPv4
 * @param hardwareAddress the hardware address of the cell's overlay device
 */
public record CellLease(IpAddress underlayIp, IpPrefix overlaySubnet, MacAddress hardwareAddress)
    implements Comparable<CellLease> {

  /** The first two bytes of every hardware address, which mark it as locally assigned. */
  private static final long HARDWARE_PREFIX = 0xeeeeL << 32;

  /**
   * Checks the family of both.
   *
   * @param underlayIp the cell's address in the network beneath; IPv4
   * @param overlaySubnet the cell's subnet; IPv4
   * @param hardwareAddress the hardware address of the cell's overlay device
   * @throws IllegalArgumentException when one of them is IPv6
   */
  public CellLease {
    underlayIp.requireFamily(IpFamily.IPV4);
    overlaySubnet.requireFamily(IpFamily.IPV4);
    requireNonNull(hardwareAddress, "hardwareAddress");
  }

  /**
   * Returns a lease with the hardware address that belongs to its subnet: {@code ee:ee} and the
   * four bytes of the subnet's address.
   *
   * @param underlayIp the cell's address in the network beneath; IPv4
   * @param overlaySubnet the cell's subnet; IPv4
   * @return the lease
   * @throws IllegalArgumentException when one of them is IPv6
   */
  public static CellLease of(IpAddress underlayIp, IpPrefix overlaySubnet) {
    return new CellLease(
        underlayIp,
        overlaySubnet,
        MacAddress.of(HARDWARE_PREFIX | (overlaySubnet.address().low() & 0xffff_ffffL)));
  }

  /**
   * Returns how much of the overlay network it holds.
   *
   * @return the kind
   */
  public LeaseKind kind() {
    return LeaseKind.of(overlaySubnet);
  }

  /**
   * Returns the address of the cell itself in the overlay network.
   *
   * @return the first address of the subnet
   */
  public IpAddress overlayIp() {
    return overlaySubnet.first();
  }

  @Override
  public int compareTo(CellLease other) {
    int bySubnet = overlaySubnet.compareTo(other.overlaySubnet);
    if (bySubnet != 0) {
      return bySubnet;
    }
    int byCell = underlayIp.compareTo(other.underlayIp);
    return byCell != 0 ? byCell : hardwareAddress.compareTo(other.hardwareAddress);
  }
}
