package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.PortRange;
import java.util.List;

/**
 * What the firewall of a cell should do for one container.
 *
 * @param endpoint where it is
 * @param workload what it is there for
 * @param ports TCP ports that it serves, which the platform may reach by IPv6; from 1
 * @param mappings ports of the cell that lead to it, by IPv4
 * @param groups the security groups that say what it may reach
 */
public record ContainerFirewall(
    ContainerEndpoint endpoint,
    Workload workload,
    List<Integer> ports,
    List<PortMapping> mappings,
    List<SecurityGroup> groups) {
  /**
   * Checks the ports.
   *
   * @param endpoint where it is
   * @param workload what it is there for
   * @param ports TCP ports that it serves, from 1
   * @param mappings ports of the cell that lead to it, each once
   * @param groups the security groups that say what it may reach
   * @throws IllegalArgumentException when a port is none, or one of the cell's is there twice
   */
  public ContainerFirewall {
    requireNonNull(endpoint, "endpoint");
    requireNonNull(workload, "workload");
    ports = List.copyOf(ports);
    mappings = List.copyOf(mappings);
    groups = List.copyOf(groups);
    ports.forEach(port -> checkPort("ports", port));
    if (mappings.stream().map(PortMapping::hostPort).distinct().count() < mappings.size()) {
      throw new IllegalArgumentException(
          mappings + ": a host port is there twice; give each container port one of its own");
    }
  }

  static void checkPort(String field, int port) {
    if (port < 1 || port > PortRange.MAX) {
      throw new IllegalArgumentException(
          "%s: %d: is no port; use 1 to %d".formatted(field, port, PortRange.MAX));
    }
  }

  /**
   * {@return what the firewall does for a container of which nothing but its place is known: it
   * reaches nothing and nothing reaches it}
   *
   * @param endpoint where it is
   */
  public static ContainerFirewall closed(ContainerEndpoint endpoint) {
    return new ContainerFirewall(endpoint, Workload.UNKNOWN, List.of(), List.of(), List.of());
  }

  /**
   * {@return the same container with other security groups}
   *
   * @param others the security groups that say what it may reach
   */
  public ContainerFirewall reaching(List<SecurityGroup> others) {
    return new ContainerFirewall(endpoint, workload, ports, mappings, others);
  }
}
