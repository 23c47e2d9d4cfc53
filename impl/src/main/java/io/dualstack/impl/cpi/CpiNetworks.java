package io.dualstack.impl.cpi;

import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.Subnet;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.cpi.CpiFault.Kind;
import io.dualstack.impl.host.agent.NetworksHashFormat;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hash of networks that a director passes to {@code create_vm}: the NICs that it asks for, and
 * the hash with what became of them. Networks of one {@code nic_group} share a NIC; others have one
 * of their own. Floating addresses are left to who makes the machine.
 */
final class CpiNetworks {
  private static final String DELEGATION_SIZE = "ipv6_prefix_delegation_size";
  private static final String SECURITY_GROUPS = "security_groups";

  private final ObjectNode hash;
  private final List<VmNetwork> networks;
  private final Map<String, Object> machineProperties;

  private CpiNetworks(
      ObjectNode hash, List<VmNetwork> networks, Map<String, Object> machineProperties) {
    this.hash = hash;
    this.networks = networks;
    this.machineProperties = machineProperties;
  }

  /**
   * Reads a hash.
   *
   * @param machineProperties the cloud properties of the machine, whose security groups win
   */
  static CpiNetworks read(ObjectNode hash, Map<String, Object> machineProperties) {
    try {
      return new CpiNetworks(hash, NetworksHashFormat.parse(hash.toString()), machineProperties);
    } catch (InvalidConfigurationException e) {
      throw new CpiFault(Kind.CLOUD_ERROR, String.valueOf(e.getMessage()));
    }
  }

  /** The networks as a provider must know them, made of what the hash tells. */
  NetworkSet definitions() {
    List<NetworkDefinition> definitions = new ArrayList<>();
    for (VmNetwork network : networks) {
      if (network.type() == NetworkType.MANUAL) {
        definitions.add(new Manual(network.name(), List.of(subnet(network))));
      } else if (network.type() == NetworkType.DYNAMIC) {
        definitions.add(new NetworkDefinition.Dynamic(network.name(), List.of()));
      }
    }
    return NetworkSet.of(definitions);
  }

  private static Subnet subnet(VmNetwork network) {
    IpPrefix block = required(network, "ip", network.block());
    IpPrefix range = required(network, "netmask", network.range());
    IpAddress gateway = network.gateway();
    boolean usable =
        gateway != null
            && range.contains(gateway)
            && !gateway.equals(range.first())
            && !gateway.equals(range.last());
    try {
      return Subnet.of(range)
          .prefixLength(block.length())
          .gateway(usable ? gateway : null)
          .cloudProperties(network.cloudProperties())
          .build();
    } catch (IllegalArgumentException e) {
      throw new CpiFault(Kind.CLOUD_ERROR, "networks." + network.name() + ": " + e.getMessage());
    }
  }

  private static <T> T required(VmNetwork network, String key, @Nullable T value) {
    if (value == null) {
      throw new CpiFault(
          Kind.CLOUD_ERROR,
          "networks.%s.%s: is missing; a manual network has one".formatted(network.name(), key));
    }
    return value;
  }

  /** The NICs that the hash asks for, in order of first appearance. */
  List<NicRequest> requests(Owner owner, String incarnation) {
    Map<String, List<VmNetwork>> byNic = new LinkedHashMap<>();
    for (VmNetwork network : networks) {
      if (network.type() != NetworkType.VIP) {
        byNic.computeIfAbsent(nicOf(network), nic -> new ArrayList<>()).add(network);
      }
    }
    List<NicRequest> requests = new ArrayList<>();
    byNic.forEach(
        (nic, members) -> {
          Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
          members.forEach(network -> properties.put(network.name(), properties(network)));
          requests.add(new NicRequest(owner, incarnation, nic, null, blocks(members), properties));
        });
    return requests;
  }

  private static String nicOf(VmNetwork network) {
    Integer group = network.nicGroup();
    return group == null ? network.name() : group.toString();
  }

  private Map<String, Object> properties(VmNetwork network) {
    Map<String, Object> properties = new LinkedHashMap<>(network.cloudProperties());
    Object groups = machineProperties.get(SECURITY_GROUPS);
    if (groups != null) {
      properties.put(SECURITY_GROUPS, groups);
    }
    return properties;
  }

  private static List<NicBlock> blocks(List<VmNetwork> members) {
    List<NicBlock> blocks = new ArrayList<>();
    for (VmNetwork network : members) {
      IpPrefix block = network.block();
      if (network.type() == NetworkType.MANUAL && block != null) {
        blocks.add(NicBlock.chosen(network.name(), block));
      } else {
        IpFamily family = block == null ? IPV4 : block.family();
        blocks.add(NicBlock.toBeChosen(network.name(), family, family.bits()));
      }
    }
    boolean delegated =
        blocks.stream().anyMatch(block -> block.family() == IPV6 && block.isPrefix());
    if (!delegated) {
      members.stream()
          .flatMap(network -> delegationSize(network).stream())
          .findFirst()
          .ifPresent(blocks::add);
    }
    return blocks;
  }

  /** A prefix of this size, which the infrastructure is to pick itself. */
  private static Optional<NicBlock> delegationSize(VmNetwork network) {
    Object size = network.cloudProperties().get(DELEGATION_SIZE);
    if (size == null) {
      return Optional.empty();
    }
    if (!(size instanceof Number number)
        || number.intValue() < 1
        || number.intValue() >= IPV6.bits()) {
      throw new CpiFault(
          Kind.CLOUD_ERROR,
          "networks.%s.cloud_properties.%s: %s: is no prefix length; use 1 to 127"
              .formatted(network.name(), DELEGATION_SIZE, size));
    }
    return Optional.of(NicBlock.toBeChosen(network.name(), IPV6, number.intValue()));
  }

  /**
   * The hash with what became of it: the NIC's identifier and hardware address in each of its
   * networks, the address that the infrastructure picked, and the prefix that it delegated.
   */
  ObjectNode completed(List<AttachedNic> nics) {
    Map<String, AttachedNic> byNic = new LinkedHashMap<>();
    nics.forEach(nic -> byNic.put(nic.nic(), nic));
    ObjectNode completed = hash.deepCopy();
    for (VmNetwork network : networks) {
      AttachedNic nic = byNic.get(nicOf(network));
      if (network.type() != NetworkType.VIP
          && nic != null
          && completed.get(network.name()) instanceof ObjectNode node) {
        node.put("nic_id", nic.id());
        nic.macAddress().ifPresent(mac -> node.put("mac", mac.toString()));
        nic.blocks().stream()
            .filter(block -> block.network().equals(network.name()))
            .flatMap(block -> block.chosenBlock().stream())
            .forEach(block -> complete(node, network, block));
      }
    }
    return completed;
  }

  private static void complete(ObjectNode node, VmNetwork network, IpPrefix block) {
    if (!block.isSingle() && !block.equals(network.block())) {
      node.put("ipv6_prefix", block.toString());
    } else if (network.type() == NetworkType.DYNAMIC) {
      node.put("ip", block.first().toString());
      node.put("prefix", Integer.toString(block.length()));
    }
  }
}
