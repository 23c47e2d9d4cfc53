package io.dualstack.impl.lease.agent;

import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent needs to know.
 *
 * @param underlayIp the cell's address in the network beneath
 * @param overlayNetworks the overlay networks, each shorter than the blocks they are cut into
 * @param subnetPrefixLength the length of blocks
 * @param kind what to acquire
 * @param vtep the overlay device
 * @param datastore the file that knows the containers of this cell
 * @param pollInterval how long between two rounds
 * @param partitionTolerance how long renewing may fail
 * @param ipv6 whether containers get IPv6 addresses
 * @param ipv6Prefix the prefix that is routed to the cell; null when it has none
 */
public record AgentConfig(
    IpAddress underlayIp,
    List<IpPrefix> overlayNetworks,
    int subnetPrefixLength,
    LeaseKind kind,
    VtepConfig vtep,
    Path datastore,
    Duration pollInterval,
    Duration partitionTolerance,
    Ipv6 ipv6,
    @Nullable IpPrefix ipv6Prefix) {

  /**
   * The overlay device.
   *
   * @param name its name
   * @param vni the number of the VXLAN segment
   * @param port the UDP port of VXLAN
   * @param underlayDevice the device it sends through; null for the one that has the underlay
   *     address
   */
  public record VtepConfig(String name, int vni, int port, @Nullable String underlayDevice) {}

  /** Whether containers get IPv6 addresses. */
  public enum Ipv6 {
    /** With a prefix on a host that has IPv6; without either the cell does IPv4. */
    WHEN_POSSIBLE,
    /** Always: without a prefix, or on a host without IPv6, the agent does not start. */
    REQUIRED,
    /** Never. */
    OFF
  }

  /** Copies the networks and checks that leases fit into them. */
  public AgentConfig {
    overlayNetworks = List.copyOf(overlayNetworks);
    underlayIp.requireFamily(IpFamily.IPV4);
    for (IpPrefix network : overlayNetworks) {
      if (network.requireFamily(IpFamily.IPV4).length() >= subnetPrefixLength) {
        throw new IllegalArgumentException(
            "overlay network: %s: must be shorter than the subnet prefix length %d"
                .formatted(network, subnetPrefixLength));
      }
    }
  }

  /** Returns the overlay network that holds an address; null when none does. */
  @Nullable IpPrefix networkOf(IpAddress address) {
    for (IpPrefix network : overlayNetworks) {
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
  IpPrefix subnetOf(IpAddress overlayIp) {
    IpPrefix block = IpPrefix.containing(overlayIp, subnetPrefixLength);
    IpPrefix network = networkOf(overlayIp);
    boolean inFirstBlock = network != null && network.first().equals(block.first());
    return inFirstBlock || !block.first().equals(overlayIp) ? IpPrefix.single(overlayIp) : block;
  }
}
