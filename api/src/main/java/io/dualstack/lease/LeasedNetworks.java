package io.dualstack.lease;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The networks from which a cell's containers get their addresses.
 *
 * @param overlaySubnet the cell's subnet of the overlay network; IPv4
 * @param mtu the largest packet that the overlay network carries, in bytes
 * @param ipv6Prefix the prefix that is routed to the cell; null when the cell has none or its host
 *     has no IPv6
 */
public record LeasedNetworks(IpPrefix overlaySubnet, int mtu, @Nullable IpPrefix ipv6Prefix) {

  /**
   * Checks the families.
   *
   * @param overlaySubnet the cell's subnet of the overlay network; IPv4
   * @param mtu the largest packet that the overlay network carries, in bytes
   * @param ipv6Prefix the prefix that is routed to the cell; null when there is none
   * @throws IllegalArgumentException when one is of the other family, or the prefix is IPv4 written
   *     as IPv6
   */
  public LeasedNetworks {
    overlaySubnet.requireFamily(IpFamily.IPV4);
    if (ipv6Prefix != null) {
      ipv6Prefix.requireFamily(IpFamily.IPV6).requireNative();
    }
  }

  /**
   * Returns the prefix that is routed to the cell.
   *
   * @return the prefix; empty when there is none
   */
  public Optional<IpPrefix> ipv6() {
    return Optional.ofNullable(ipv6Prefix);
  }
}
