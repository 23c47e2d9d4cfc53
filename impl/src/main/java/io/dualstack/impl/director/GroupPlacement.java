package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.BlockRequest;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.InstanceId;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts the instances of one group into zones and gives them their static addresses. An instance
 * stays where it is and keeps what it has as long as the manifest allows; the others are put into
 * the zone with the fewest instances, the first in the manifest among equals.
 */
final class GroupPlacement {

  private final String deployment;
  private final InstanceGroup group;
  private final NetworkSet networks;
  private final Map<InstanceId, List<AllocatedBlock>> held;
  private final @Nullable String[] zones;
  private final Map<String, Integer> population = new HashMap<>();

  /** The static blocks of each instance, by network. */
  private final Map<String, @Nullable IpPrefix[]> statics = new LinkedHashMap<>();

  GroupPlacement(
      String deployment,
      InstanceGroup group,
      NetworkSet networks,
      Map<InstanceId, List<AllocatedBlock>> held) {
    this.deployment = deployment;
    this.group = group;
    this.networks = networks;
    this.held = held;
    this.zones = new String[group.instances()];
  }

  List<DesiredInstance> instances() {
    boolean first = true;
    for (NetworkUse use : group.networks()) {
      if (!use.staticIps().isEmpty()) {
        placeStatics(use, first);
        first = false;
      }
    }
    if (first) {
      for (int i = 0; i < zones.length; i++) {
        stay(i, group.zones());
      }
      for (int i = 0; i < zones.length; i++) {
        settle(i, group.zones());
      }
    }
    List<DesiredInstance> instances = new ArrayList<>(zones.length);
    for (int i = 0; i < zones.length; i++) {
      InstanceId id = id(i);
      instances.add(new DesiredInstance(id, group, zones[i], request(id, i)));
    }
    return instances;
  }

  /** Gives each instance its static block; the first static network also decides on zones. */
  private void placeStatics(NetworkUse use, boolean decidesZones) {
    StaticAddresses addresses =
        new StaticAddresses(use, networks.find(use.network()).orElseThrow());
    @Nullable IpPrefix[] blocks = new IpPrefix[zones.length];
    statics.put(use.network(), blocks);
    for (int i = 0; i < blocks.length; i++) {
      for (AllocatedBlock block : heldBy(i)) {
        if (block.network().equals(use.network())
            && block.state() == BlockState.ACTIVE
            && inReach(addresses.zonesOf(block.block()), decidesZones ? null : zones[i])
            && addresses.take(block.block())) {
          blocks[i] = block.block();
          if (decidesZones) {
            stay(i, common(addresses.zonesOf(block.block())));
            settle(i, common(addresses.zonesOf(block.block())));
          }
        }
      }
    }
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i] == null) {
        int index = i;
        IpPrefix block =
            addresses.takeFirst(zones[i], group.zones()).orElseThrow(() -> tooFew(use, index));
        blocks[i] = block;
        if (decidesZones) {
          stay(i, common(addresses.zonesOf(block)));
          settle(i, common(addresses.zonesOf(block)));
        }
      }
    }
  }

  private boolean inReach(List<String> served, @Nullable String zone) {
    return zone == null
        ? served.isEmpty() || !common(served).isEmpty() || group.zones().isEmpty()
        : served.isEmpty() || served.contains(zone);
  }

  /** The group's zones among those that a subnet serves. */
  private List<String> common(List<String> served) {
    return served.isEmpty()
        ? group.zones()
        : group.zones().stream().filter(served::contains).toList();
  }

  /** Keeps an instance in the zone it is in, if it is one of these. */
  private void stay(int index, List<String> allowed) {
    if (zones[index] != null) {
      return;
    }
    heldBy(index).stream()
        .filter(block -> block.state() == BlockState.ACTIVE)
        .map(AllocatedBlock::zone)
        .filter(zone -> zone != null && allowed.contains(zone))
        .findFirst()
        .ifPresent(zone -> put(index, zone));
  }

  /** Puts an instance that is in no zone yet into the emptiest of these. */
  private void settle(int index, List<String> allowed) {
    if (zones[index] != null || allowed.isEmpty()) {
      return;
    }
    String emptiest = allowed.get(0);
    for (String zone : allowed) {
      if (population.getOrDefault(zone, 0) < population.getOrDefault(emptiest, 0)) {
        emptiest = zone;
      }
    }
    put(index, emptiest);
  }

  private void put(int index, String zone) {
    zones[index] = zone;
    population.merge(zone, 1, Integer::sum);
  }

  private @Nullable AllocationRequest request(InstanceId id, int index) {
    List<BlockRequest> wishes = new ArrayList<>();
    for (NetworkUse use : group.networks()) {
      NetworkDefinition network = networks.byName().get(use.network());
      @Nullable IpPrefix[] blocks = statics.get(use.network());
      IpPrefix wanted = blocks == null ? null : blocks[index];
      if (network instanceof NetworkDefinition.Dynamic) {
        continue;
      }
      wishes.add(
          new BlockRequest(use.network(), wanted, wanted == null ? use.prefixLength() : null));
    }
    return wishes.isEmpty()
        ? null
        : new AllocationRequest(id.owner(), incarnation(index), zones[index], wishes);
  }

  /**
   * The life an instance is in; a new one if it holds nothing. Blocks that are given up but not yet
   * detached are held: the machine was never deleted.
   */
  private String incarnation(int index) {
    return heldBy(index).stream()
        .filter(block -> block.state() != BlockState.QUARANTINED)
        .min(Comparator.comparing(AllocatedBlock::state))
        .map(AllocatedBlock::incarnation)
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private List<AllocatedBlock> heldBy(int index) {
    return held.getOrDefault(id(index), List.of());
  }

  private InstanceId id(int index) {
    return new InstanceId(deployment, group.name(), index);
  }

  private InvalidConfigurationException tooFew(NetworkUse use, int index) {
    String zone = zones[index];
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "instance_groups." + group.name() + ".networks." + use.network() + ".static_ips",
                "NetworkReservationError",
                "no static address is left for instance %s%s; name one more%s"
                    .formatted(
                        id(index).shortName(),
                        zone == null ? "" : " in zone " + zone,
                        zone == null ? "" : " in a subnet that serves the zone"))));
  }
}
