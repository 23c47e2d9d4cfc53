package io.dualstack.workload;

import io.dualstack.net.PortRange;

/**
 * A port of a container and the port of its cell that leads there. There are none for IPv6: an IPv6
 * peer reaches the container's own port.
 *
 * @param containerPort the container's port; 1 to 65535
 * @param hostPort the cell's port; 0 if only the proxy's port is mapped
 * @param containerTlsProxyPort the port of the TLS proxy in the container; 0 if there is none
 * @param hostTlsProxyPort the cell's port for the TLS proxy; 0 if there is none
 */
public record PortMapping(
    int containerPort, int hostPort, int containerTlsProxyPort, int hostTlsProxyPort) {

  /**
   * Checks that each is a port.
   *
   * @param containerPort the container's port; 1 to 65535
   * @param hostPort the cell's port; 0 if only the proxy's port is mapped
   * @param containerTlsProxyPort the port of the TLS proxy in the container; 0 if there is none
   * @param hostTlsProxyPort the cell's port for the TLS proxy; 0 if there is none
   */
  public PortMapping {
    check("container port", containerPort, 1);
    check("host port", hostPort, 0);
    check("container TLS proxy port", containerTlsProxyPort, 0);
    check("host TLS proxy port", hostTlsProxyPort, 0);
  }

  private static void check(String what, int port, int least) {
    if (port < least || port > PortRange.MAX) {
      throw new IllegalArgumentException(
          "%s: %d is outside %d to %d".formatted(what, port, least, PortRange.MAX));
    }
  }

  /**
   * Returns a mapping without a TLS proxy.
   *
   * @param containerPort the container's port
   * @param hostPort the cell's port
   * @return the mapping
   */
  public static PortMapping of(int containerPort, int hostPort) {
    return new PortMapping(containerPort, hostPort, 0, 0);
  }
}
