package io.dualstack.host;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
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
 * Immutable.
 *
 * @param name the network's name, the key in the hash of networks
 * @param type manual, dynamic or vip
 * @param block the address, or the delegated prefix; null for a dynamic network whose address isn't
 *     known. A manual network without block and range is one that the agent finds out by DHCP
 * @param range the subnet's range, whose netmask is told; null if that isn't known, and for vip
 * @param gateway the subnet's gateway; null when there is none
 * @param dns the subnet's name servers, of either family; empty for none
 * @param defaults what the machine uses this network for by default
 * @param nicGroup which NIC it shares with others; null for one of its own
 * @param mac the NIC's hardware address; null before it is attached
 * @param useDhcp whether the agent is told to use DHCP
 * @param cloudProperties what the provider must know: JSON-like values. Agents are told too, and
 *     ignore it
 * @param hints what only settings of agents can say; {@link AgentHints#NONE} in a director
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
    Map<String, Object> cloudProperties,
    AgentHints hints) {

  /**
   * Copies the collections and checks that the addresses fit together.
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
   * @param hints what only settings of agents can say
   * @throws IllegalArgumentException if they don't, or if an IPv4-mapped IPv6 address is among
   *     them, which some readers of the formats take for IPv4 and others for IPv6
   */
  public VmNetwork {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(hints, "hints");
    dns = List.copyOf(dns);
    EnumSet<DefaultFor> uses = EnumSet.noneOf(DefaultFor.class);
    uses.addAll(defaults);
    defaults = Collections.unmodifiableSet(uses);
    cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    if (type == NetworkType.VIP && block == null) {
      throw new IllegalArgumentException(name + ": a vip network has an address; give one");
    }
    if (type != NetworkType.MANUAL && block != null && !block.isSingle()) {
      throw new IllegalArgumentException(
          "%s: %s is a delegated prefix, which only a manual network can have; give one address"
              .formatted(name, block));
    }
    if (range != null && (block == null || !range.contains(block))) {
      throw new IllegalArgumentException(
          "%s: %s is outside range %s; use a block inside it"
              .formatted(name, block == null ? "an unknown address" : block, range));
    }
    if (block != null) {
      block.requireNative();
    }
    if (gateway != null) {
      gateway.requireNative();
      if (block != null && block.family() != gateway.family()) {
        throw new IllegalArgumentException(
            "%s: gateway %s is not of the family of %s; use an %s gateway"
                .formatted(name, gateway, block, block.family().label()));
      }
    }
    dns.forEach(IpAddress::requireNative);
  }

  /**
   * Makes a network as a director knows it, without hints to the agent.
   *
   * @param name the network's name
   * @param type manual, dynamic or vip
   * @param block the address, or the delegated prefix; null if unknown
   * @param range the subnet's range; null if unknown
   * @param gateway the subnet's gateway; null when there is none
   * @param dns the subnet's name servers
   * @param defaults what the machine uses this network for by default
   * @param nicGroup which NIC it shares with others; null for one of its own
   * @param mac the NIC's hardware address; null before it is attached
   * @param useDhcp whether the agent is told to use DHCP
   * @param cloudProperties what the provider must know
   * @throws IllegalArgumentException if the addresses don't fit together
   */
  public VmNetwork(
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
    this(
        name,
        type,
        block,
        range,
        gateway,
        dns,
        defaults,
        nicGroup,
        mac,
        useDhcp,
        cloudProperties,
        AgentHints.NONE);
  }

  /**
   * Returns the address, or the base address of the delegated prefix.
   *
   * @return the address; empty if unknown
   */
  public Optional<IpAddress> ip() {
    return Optional.ofNullable(block).map(IpPrefix::first);
  }

  /**
   * Returns the family of the address or delegated prefix.
   *
   * @return the family; empty if the address is unknown
   */
  public Optional<IpFamily> family() {
    return Optional.ofNullable(block).map(IpPrefix::family);
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
   * Returns whether the machine uses this network for something by default.
   *
   * @param use what for
   * @return true if it does
   */
  public boolean isDefaultFor(DefaultFor use) {
    return defaults.contains(use);
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
        cloudProperties,
        hints);
  }

  /**
   * Returns this network with other hints to the agent.
   *
   * @param replacement the hints
   * @return the same network with the hints
   */
  public VmNetwork withHints(AgentHints replacement) {
    return new VmNetwork(
        name,
        type,
        block,
        range,
        gateway,
        dns,
        defaults,
        nicGroup,
        mac,
        useDhcp,
        cloudProperties,
        replacement);
  }
}
