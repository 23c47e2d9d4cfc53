package io.dualstack.firewall;

/**
 * A TCP port of the cell that leads to one of a container, by IPv4.
 *
 * @param hostPort the cell's, 1 to 65535
 * @param containerPort the container's, 1 to 65535
 */
public record PortMapping(int hostPort, int containerPort) {
  /**
   * Checks the ports.
   *
   * @param hostPort the cell's, 1 to 65535
   * @param containerPort the container's, 1 to 65535
   * @throws IllegalArgumentException when one is no port
   */
  public PortMapping {
    ContainerFirewall.checkPort("host_port", hostPort);
    ContainerFirewall.checkPort("container_port", containerPort);
  }
}
