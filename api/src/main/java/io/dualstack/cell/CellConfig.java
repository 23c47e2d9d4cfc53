package io.dualstack.cell;

import static java.util.Objects.requireNonNull;

import io.dualstack.cni.IpamDurability;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a cell needs to know. Immutable; start with {@link #of}.
 *
 * @param name the network's name, which its directory of addresses has too
 * @param networks where addresses come from: the cell's overlay subnet, and its IPv6 prefix if it
 *     has one
 * @param dataDir the directory that addresses are kept below, in {@code ipam/NAME}
 * @param datastore the file that says which containers there are
 * @param mtu of containers' devices, in bytes; 0 for that of the overlay network
 * @param hostNamespace the network namespace of the host; null for that of this process
 * @param proxyDevice the uplink on which neighbors look for containers' IPv6 addresses themselves,
 *     as the prefix is not routed to this host; empty where it is routed
 * @param durability what an answer promises about the disk
 * @param firewall what is put around containers; null for nothing
 */
public record CellConfig(
    String name,
    LeasedNetworks networks,
    Path dataDir,
    Path datastore,
    int mtu,
    @Nullable Path hostNamespace,
    String proxyDevice,
    IpamDurability durability,
    @Nullable FirewallConfig firewall) {

  /**
   * Checks that nothing is missing and the MTU is not negative.
   *
   * @param name the network's name, which its directory of addresses has too
   * @param networks where addresses come from
   * @param dataDir the directory that addresses are kept below, in {@code ipam/NAME}
   * @param datastore the file that says which containers there are
   * @param mtu of containers' devices, in bytes; 0 for that of the overlay network
   * @param hostNamespace the network namespace of the host; null for that of this process
   * @param proxyDevice the uplink on which neighbors look for containers' IPv6 addresses
   *     themselves; empty where the prefix is routed
   * @param durability what an answer promises about the disk
   * @param firewall what is put around containers; null for nothing
   * @throws IllegalArgumentException if the MTU is negative, or there is an IPv6 prefix and a
   *     firewall without it, which would leave containers open to all
   */
  public CellConfig {
    requireNonNull(name, "name");
    requireNonNull(networks, "networks");
    requireNonNull(dataDir, "dataDir");
    requireNonNull(datastore, "datastore");
    requireNonNull(proxyDevice, "proxyDevice");
    requireNonNull(durability, "durability");
    if (mtu < 0) {
      throw new IllegalArgumentException("mtu: %d: is negative; use 0 or more".formatted(mtu));
    }
    checkGuarded(networks, firewall);
  }

  /**
   * Returns a configuration of this process's own host, with everything in one directory.
   *
   * @param networks where addresses come from
   * @param dataDir the directory
   * @return the configuration, of a network named {@code silk}
   */
  public static CellConfig of(LeasedNetworks networks, Path dataDir) {
    return new CellConfig(
        "silk",
        networks,
        dataDir,
        dataDir.resolve("store.json"),
        0,
        null,
        "",
        IpamDurability.DURABLE,
        null);
  }

  /**
   * Returns the same configuration for a host in another network namespace.
   *
   * @param namespace such as {@code /run/netns/NAME}
   * @return the configuration
   */
  public CellConfig inNamespace(Path namespace) {
    return new CellConfig(
        name, networks, dataDir, datastore, mtu, namespace, proxyDevice, durability, firewall);
  }

  /**
   * Returns the same configuration for a host whose prefix is on-link for its neighbors, and not
   * routed to it.
   *
   * @param uplink the device on which to answer neighbors that look for containers' IPv6 addresses
   * @return the configuration
   */
  public CellConfig proxyingOn(String uplink) {
    return new CellConfig(
        name, networks, dataDir, datastore, mtu, hostNamespace, uplink, durability, firewall);
  }

  /**
   * Returns the same configuration with another promise about the disk.
   *
   * @param promise what an answer promises
   * @return the configuration
   */
  public CellConfig withDurability(IpamDurability promise) {
    return new CellConfig(
        name, networks, dataDir, datastore, mtu, hostNamespace, proxyDevice, promise, firewall);
  }

  /**
   * Returns the same with a firewall around containers.
   *
   * @param guard the firewall
   * @return the changed configuration
   * @throws IllegalArgumentException if there is an IPv6 prefix that the firewall is not for
   */
  public CellConfig guardedBy(FirewallConfig guard) {
    return new CellConfig(
        name, networks, dataDir, datastore, mtu, hostNamespace, proxyDevice, durability, guard);
  }

  private static void checkGuarded(LeasedNetworks networks, @Nullable FirewallConfig firewall) {
    if (firewall == null || networks.ipv6().isEmpty()) {
      return;
    }
    IpPrefix prefix = networks.ipv6().get();
    Ipv6Firewall ipv6 = firewall.rules().ipv6();
    if (ipv6 == null || !ipv6.own().contains(prefix)) {
      throw new IllegalArgumentException(
          "firewall: %s: has no rules by IPv6 for it, so that containers would be open to all;"
                  .formatted(prefix)
              + " give the firewall the cell's prefix");
    }
  }
}
