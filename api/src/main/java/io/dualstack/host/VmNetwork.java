package io.dualstack.host;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One network of a machine, as the director tells the provider and the provider tells the agent.
 *
 * @param name the network's name, the key in the hash of networks
 * @param type manual, dynamic or vip
 * @param block the address, or the delegated prefix; null for a dynamic network
 * @param range the subnet's range, whose netmask is told; null if not manual
 * @param gateway the subnet's gateway; null when there is none
 * @param dns the subnet's name servers; empty for none
 * @param defaults what the machine uses this network for by default
 * @param nicGroup which NIC it shares with others; null for one of its own
 * @param mac the NIC's hardware address; null before it is attached
 * @param useDhcp whether the agent is told to use DHCP
 * @param cloudProperties what the provider must know; not told to the agent by itself
 */
public record VmNetwork(
    String name,
    NetworkType type,
    @Nullable IpPrefix block,
    @Nullable IpPrefix range,
    @Nullable IpAddress gateway,
    List<IpAddress> dns,
    Set<DefaultFor> defaults,
    @Nullable Integer nicGroup,
    @Nullable MacAddress mac,
    boolean useDhcp,
    Map<String, Object> cloudProperties) {

  /**
   * Copies the collections and checks that a manual network has its block and range.
   *
   * @param name the network's name, the key in the hash of networks
   * @param type manual, dynamic or vip
   * @param block the address, or the delegated prefix
   * @param range the subnet's range, whose netmask is told
   * @param gateway the subnet's gateway
   * @param dns the subnet's name servers
   * @param defaults what the machine uses this network for by default
   * @param nicGroup which NIC it shares with others
   * @param mac the NIC's hardware address
   * @param useDhcp whether the agent is told to use DHCP
   * @param cloudProperties what the provider must know
   */
  public VmNetwork {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    dns = List.copyOf(dns);
    EnumSet<DefaultFor> uses = EnumSet.noneOf(DefaultFor.class);
    uses.addAll(defaults);
    defaults = Collections.unmodifiableSet(uses);
    cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    if (type == NetworkType.MANUAL && (block == null || range == null)) {
      throw new IllegalArgumentException(name + ": a manual network has a block and a range");
    }
    if (type == NetworkType.VIP && block == null) {
      throw new IllegalArgumentException(name + ": a vip network has an address");
    }
    if (block != null && range != null && !range.contains(block)) {
      throw new IllegalArgumentException(name + ": " + block + " is outside range " + range);
    }
  }

  /**
   * Returns the address, or the base address of the delegated prefix.
   *
   * @return the address; empty for a dynamic network
   */
  public Optional<IpAddress> ip() {
    return Optional.ofNullable(block).map(IpPrefix::first);
  }

  /**
   * Returns whether the block is a delegated prefix and not a single address.
   *
   * @return true if it is
   */
  public boolean isDelegated() {
    return block != null && !block.isSingle();
  }

  /**
   * Returns the NIC's name within the machine: the NIC group, or the network's own name.
   *
   * @return the name
   */
  public String nic() {
    return nicGroup == null ? name : Integer.toString(nicGroup);
  }

  /**
   * Returns this network on an attached NIC.
   *
   * @param address the NIC's hardware address; null if unknown
   * @return the same network with the address
   */
  public VmNetwork withMac(@Nullable MacAddress address) {
    return new VmNetwork(
        name,
        type,
        block,
        range,
        gateway,
        dns,
        defaults,
        nicGroup,
        address,
        useDhcp,
        cloudProperties);
  }
}
