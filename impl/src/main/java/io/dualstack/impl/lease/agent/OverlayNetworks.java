package io.dualstack.impl.lease.agent;

import io.dualstack.lease.AgentConfig;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/** What an agent's configuration says of an overlay address. */
final class OverlayNetworks {
  private OverlayNetworks() {}

  /** Returns the overlay network that holds an address; null when none does. */
  static @Nullable IpPrefix networkOf(AgentConfig config, IpAddress address) {
    for (IpPrefix network : config.overlayNetworks()) {
      if (network.contains(address)) {
        return network;
      }
    }
    return null;
  }

  /**
   * Returns the subnet that a cell with an overlay address holds: the addresses of a network's
   * first block are leased one by one, as are those that no block begins with.
   */
  static IpPrefix subnetOf(AgentConfig config, IpAddress overlayIp) {
    IpPrefix block = IpPrefix.containing(overlayIp, config.subnetPrefixLength());
    IpPrefix network = networkOf(config, overlayIp);
    boolean inFirstBlock = network != null && network.first().equals(block.first());
    return inFirstBlock || !block.first().equals(overlayIp) ? IpPrefix.single(overlayIp) : block;
  }
}
