package io.dualstack.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;

/**
 * What a cell's firewall needs to know about IPv6, where every container has an address of the
 * Internet.
 *
 * @param own the prefix that the cell's containers are in. What no rule of a container lets through
 *     is kept from and by its addresses, also where there is no container yet
 * @param containers prefixes that containers of other cells are in; no more than known to be such
 * @param platform addresses of routers and cells, which may reach the ports that containers
 *     declare. Containers' addresses in it don't count
 */
public record Ipv6Firewall(IpPrefix own, IpSet containers, IpSet platform) {
  /**
   * Checks the families.
   *
   * @param own the prefix that the cell's containers are in
   * @param containers prefixes that containers of other cells are in
   * @param platform addresses of routers and cells
   * @throws IllegalArgumentException when some are IPv4
   */
  public Ipv6Firewall {
    own = own.requireFamily(IpFamily.IPV6).requireNative();
    checkIpv6("containers", containers);
    checkIpv6("platform", platform);
  }

  private static void checkIpv6(String field, IpSet addresses) {
    if (!addresses.only(IpFamily.IPV4).isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s: holds IPv4 addresses; use IPv6 addresses alone".formatted(field, addresses));
    }
  }

  /** {@return who may reach ports that containers declare: the platform without containers} */
  public IpSet callers() {
    return platform.subtract(containers).subtract(IpSet.of(IpRange.of(own)));
  }
}
