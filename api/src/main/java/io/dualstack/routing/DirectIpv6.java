package io.dualstack.routing;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;

/**
 * Where an instance is reached by its own IPv6 address. There is no port mapping for IPv6: the
 * ports are the container's.
 *
 * @param address the instance's IPv6 address
 * @param port the container's port for plain connections; 0 to 65535
 * @param tlsPort the container's port for TLS; 0 for none
 */
public record DirectIpv6(IpAddress address, int port, int tlsPort) {
  /**
   * Checks the address and the ports.
   *
   * @param address the instance's IPv6 address
   * @param port the container's port for plain connections
   * @param tlsPort the container's port for TLS
   * @throws IllegalArgumentException when the address is of IPv4 or can't be reached from another
   *     host, or a port is outside 0 to 65535
   */
  public DirectIpv6 {
    address.requireFamily(IpFamily.IPV6).requireNative();
    if (address.isUnspecified() || address.isMulticast() || address.isLinkLocal()) {
      throw new IllegalArgumentException(
          address + ": no router can reach it; use the instance's global or unique local address");
    }
    if (port < 0 || port > PortRange.MAX || tlsPort < 0 || tlsPort > PortRange.MAX) {
      throw new IllegalArgumentException(
          "ports %d and %d: use 0 to %d".formatted(port, tlsPort, PortRange.MAX));
    }
  }
}
