package io.dualstack.firewall;

import io.dualstack.net.IpEndpoint;
import io.dualstack.net.Protocol;

/**
 * A service of the cell itself that its containers may use.
 *
 * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
 * @param endpoint where it listens, of either family; IPv4 in IPv6's notation counts as IPv4
 */
public record HostService(Protocol transport, IpEndpoint endpoint) {
  /**
   * Checks the transport.
   *
   * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
   * @param endpoint where it listens, of either family; IPv4 in IPv6's notation counts as IPv4
   * @throws IllegalArgumentException when it is another protocol, or the port is 0
   */
  public HostService {
    endpoint =
        IpEndpoint.of(endpoint.address().mappedIpv4().orElse(endpoint.address()), endpoint.port());
    if (!transport.equals(Protocol.TCP) && !transport.equals(Protocol.UDP)) {
      throw new IllegalArgumentException(transport + ": is no transport; use tcp or udp");
    }
    if (endpoint.port() == 0) {
      throw new IllegalArgumentException(endpoint + ": port 0 is none; use 1 to 65535");
    }
  }
}
