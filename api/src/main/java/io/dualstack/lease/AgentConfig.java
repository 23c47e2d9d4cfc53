package io.dualstack.lease;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LeaseAgent} needs to know. Immutable; start with {@link #of}.
 *
 * @param underlayIp the cell's address in the network beneath; IPv4
 * @param overlayNetworks the overlay networks, each shorter than the blocks they are cut into; IPv4
 * @param subnetPrefixLength the length of blocks
 * @param kind what to acquire
 * @param vtep the overlay device
 * @param datastore the file that knows the containers of this cell
 * @param pollInterval how long between two rounds
 * @param partitionTolerance how long renewing may fail
 * @param ipv6 whether containers get IPv6 addresses
 * @param ipv6Prefix the prefix that is routed to the cell; null when it has none
 * @param hostNamespace the network namespace of the host; null for that of this process
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
    @Nullable IpPrefix ipv6Prefix,
    @Nullable Path hostNamespace) {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

  /**
   * The overlay device, a VXLAN tunnel endpoint.
   *
   * @param name its name, 1 to 15 characters
   * @param vni the number of the VXLAN segment, 0 to 2^24 - 1
   * @param port the UDP port of VXLAN
   * @param underlayDevice the device it sends through; null for the one that has the underlay
   *     address
   */
  public record VtepConfig(String name, int vni, int port, @Nullable String underlayDevice) {
    /** The device when nothing else is configured. */
    public static final VtepConfig DEFAULT = new VtepConfig("silk-vtep", 1, 4789, null);

    /**
     * Checks that a kernel can have such a device.
     *
     * @param name its name, 1 to 15 characters
     * @param vni the number of the VXLAN segment, 0 to 2^24 - 1
     * @param port the UDP port of VXLAN
     * @param underlayDevice the device it sends through; null for the one that has the underlay
     *     address
     * @throws IllegalArgumentException if the name is no device's, or a number is out of its range
     */
    public VtepConfig {
      requireDevice("name", name);
      if (underlayDevice != null) {
        requireDevice("underlayDevice", underlayDevice);
      }
      requireBetween("vni", vni, 0, (1 << 24) - 1);
      requireBetween("port", port, 1, 65_535);
    }

    private static void requireDevice(String field, String name) {
      if (!name.matches("[^\\s/:]{1,15}") || name.equals(".") || name.equals("..")) {
        throw new IllegalArgumentException(
            "%s: %s: is no name of a device; use 1 to 15 characters without blank, slash and colon"
                .formatted(field, name));
      }
    }

    private static void requireBetween(String field, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s: %d: must be between %d and %d".formatted(field, value, least, most));
      }
    }
  }

  /** Whether containers get IPv6 addresses. */
  public enum Ipv6 {
    /** With a prefix on a host that has IPv6; without either the cell does IPv4. */
    WHEN_POSSIBLE,
    /** Always: without a prefix, or on a host without IPv6, the agent does not start. */
    REQUIRED,
    /** Never. */
    OFF
  }

  /**
   * Copies the networks and checks that leases fit into them.
   *
   * @param underlayIp the cell's address in the network beneath; IPv4
   * @param overlayNetworks the overlay networks, each shorter than the blocks they are cut into;
   *     IPv4
   * @param subnetPrefixLength the length of blocks
   * @param kind what to acquire
   * @param vtep the overlay device
   * @param datastore the file that knows the containers of this cell
   * @param pollInterval how long between two rounds
   * @param partitionTolerance how long renewing may fail
   * @param ipv6 whether containers get IPv6 addresses
   * @param ipv6Prefix the prefix that is routed to the cell; null when it has none
   * @param hostNamespace the network namespace of the host; null for that of this process
   * @throws IllegalArgumentException if an address is IPv6 where it has to be IPv4, a network is no
   *     shorter than its blocks, or rounds have no time between them
   */
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
    requireNonNull(kind, "kind");
    requireNonNull(vtep, "vtep");
    requireNonNull(datastore, "datastore");
    requireNonNull(ipv6, "ipv6");
    requireNonNull(partitionTolerance, "partitionTolerance");
    if (pollInterval.isZero() || pollInterval.isNegative()) {
      throw new IllegalArgumentException(
          "poll interval: %s: rounds would never end; use some seconds".formatted(pollInterval));
    }
  }

  /**
   * Returns the configuration of a cell on this process's own host, with a block of its own, the
   * device {@link VtepConfig#DEFAULT}, a round every 30 seconds, and as long a partition as a lease
   * lasts.
   *
   * @param underlayIp the cell's address in the network beneath; IPv4
   * @param pool the overlay network and how it is cut
   * @param datastore the file that knows the containers of this cell
   * @return the configuration, without IPv6
   * @throws IllegalArgumentException if the address is IPv6
   */
  public static AgentConfig of(IpAddress underlayIp, LeasePool pool, Path datastore) {
    return new AgentConfig(
        underlayIp,
        List.of(pool.network()),
        pool.subnetPrefixLength(),
        LeaseKind.BLOCK,
        VtepConfig.DEFAULT,
        datastore,
        POLL_INTERVAL,
        pool.expiry(),
        Ipv6.WHEN_POSSIBLE,
        null,
        null);
  }

  /**
   * Returns the same configuration with IPv6.
   *
   * @param prefix the prefix that is routed to the cell
   * @param wanted what to do on a host without IPv6
   * @return the configuration
   */
  public AgentConfig withIpv6(IpPrefix prefix, Ipv6 wanted) {
    return new AgentConfig(
        underlayIp,
        overlayNetworks,
        subnetPrefixLength,
        kind,
        vtep,
        datastore,
        pollInterval,
        partitionTolerance,
        wanted,
        prefix,
        hostNamespace);
  }

  /**
   * Returns the same configuration for a host in another network namespace.
   *
   * @param namespace such as {@code /run/netns/NAME}
   * @return the configuration
   */
  public AgentConfig inNamespace(Path namespace) {
    return new AgentConfig(
        underlayIp,
        overlayNetworks,
        subnetPrefixLength,
        kind,
        vtep,
        datastore,
        pollInterval,
        partitionTolerance,
        ipv6,
        ipv6Prefix,
        namespace);
  }
}
