package io.dualstack.cell;

import java.util.Optional;

/**
 * A host that puts containers on the network, in both families when it has an IPv6 prefix.
 * Thread-safe.
 */
public interface Cell extends AutoCloseable {
  /**
   * Returns the network that containers are attached to.
   *
   * @return the network, usable until the cell is closed
   */
  CellNetwork network();

  /**
   * Returns the firewall around the containers.
   *
   * @return the firewall, usable until the cell is closed; empty if none is configured
   */
  Optional<FirewallControl> firewall();

  /**
   * Reads whether the host does IPv6.
   *
   * @return what the kernel says now
   */
  HostIpv6 hostIpv6();

  /** Ends the role; containers stay attached. Closing twice is closing once. */
  @Override
  void close();
}
