package io.dualstack.impl.director;

import static java.util.Objects.requireNonNull;

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
import io.dualstack.impl.director.zones.ZoneSpread;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the instances of one group into zones and gives them their static addresses. An instance
 * stays where it is and keeps what it has as long as the manifest allows; the others are put into
 * the zone with the fewest instances, the first in the manifest among equals. Where static
 * addresses are named, a zone gets as many instances as it has addresses of each network.
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
    List<StaticAddresses> named =
        group.networks().stream()
            .filter(use -> !use.staticIps().isEmpty())
            .map(use -> new StaticAddresses(use, networks.find(use.network()).orElseThrow(), group))
            .toList();
    for (StaticAddresses network : named) {
      statics.put(network.name(), new @Nullable IpPrefix[zones.length]);
    }
    for (int i = 0; i < zones.length; i++) {
      keep(i, named);
    }
    if (named.isEmpty()) {
      for (int i = 0; i < zones.length; i++) {
        stay(i);
      }
      for (int i = 0; i < zones.length; i++) {
        settle(i, group.zones());
      }
    } else {
      giveOut(named);
    }
    List<DesiredInstance> instances = new ArrayList<>(zones.length);
    for (int i = 0; i < zones.length; i++) {
      InstanceId id = id(i);
      instances.add(new DesiredInstance(id, group, zones[i], request(id, i)));
    }
    return instances;
  }

  /** Keeps what an instance has of the named addresses, and with it the zone it is in. */
  private void keep(int index, List<StaticAddresses> named) {
    List<String> allowed = group.zones();
    boolean kept = false;
    for (StaticAddresses network : named) {
      for (AllocatedBlock block : heldBy(index)) {
        List<String> common = common(allowed, network.zonesOf(block.block()));
        if (block.network().equals(network.name())
            && block.state() == BlockState.ACTIVE
            && (allowed.isEmpty() || !common.isEmpty())
            && network.take(block.block())) {
          blocksOf(network)[index] = block.block();
          allowed = common;
          kept = true;
        }
      }
    }
    if (kept) {
      Optional<String> current = zoneOf(index).filter(allowed::contains);
      if (current.isPresent()) {
        put(index, current.get());
      } else {
        settle(index, allowed);
      }
    }
  }

  private static List<String> common(List<String> zones, List<String> others) {
    return zones.stream().filter(others::contains).toList();
  }

  /** Gives the other instances the addresses that are left, each in a zone common to all. */
  private void giveOut(List<StaticAddresses> named) {
    for (StaticAddresses network : named) {
      long missing = Arrays.stream(blocksOf(network)).filter(Objects::isNull).count();
      if (!network.readUpTo((int) missing)) {
        throw tooFew(network, zones.length - (int) missing + network.left());
      }
    }
    share(named);
    List<Integer> withoutZone = new ArrayList<>();
    for (int i = 0; i < zones.length; i++) {
      if (zones[i] == null && !group.zones().isEmpty()) {
        withoutZone.add(i);
      } else {
        fill(i, named);
      }
    }
    for (int index : withoutZone) {
      put(index, named.get(0).nextZone());
      fill(index, named);
    }
  }

  private void fill(int index, List<StaticAddresses> named) {
    for (StaticAddresses network : named) {
      @Nullable IpPrefix[] blocks = blocksOf(network);
      if (blocks[index] == null) {
        blocks[index] = network.next(zones[index]);
      }
    }
  }

  /**
   * Says how many addresses of each network are used in which zone. Instances that keep none of
   * theirs stay in their zones if that is possible.
   */
  private void share(List<StaticAddresses> named) {
    if (group.zones().isEmpty()) {
      named.forEach(network -> network.share(Map.of()));
      return;
    }
    List<Integer> staying = new ArrayList<>();
    for (int i = 0; i < zones.length; i++) {
      if (zones[i] == null && stay(i)) {
        staying.add(i);
      }
    }
    Optional<ZoneSpread> spread = spread(named);
    if (spread.isEmpty() && !staying.isEmpty()) {
      for (int index : staying) {
        population.merge(requireNonNull(zones[index]), -1, Integer::sum);
        zones[index] = null;
      }
      spread = spread(named);
    }
    ZoneSpread found = spread.orElseThrow(() -> uneven(named));
    for (int i = 0; i < named.size(); i++) {
      named.get(i).share(found.shares(i));
    }
  }

  private Optional<ZoneSpread> spread(List<StaticAddresses> named) {
    List<Map<List<String>, Integer>> addresses = new ArrayList<>();
    for (StaticAddresses network : named) {
      Map<List<String>, Integer> kinds = network.leftByZones();
      @Nullable IpPrefix[] blocks = blocksOf(network);
      for (int i = 0; i < zones.length; i++) {
        if (blocks[i] != null) {
          kinds.merge(List.of(requireNonNull(zones[i])), 1, Integer::sum);
        }
      }
      addresses.add(kinds);
    }
    // Instances with a zone are like a network of which they have an address there.
    Map<List<String>, Integer> instances = new LinkedHashMap<>();
    for (String zone : zones) {
      instances.merge(zone == null ? group.zones() : List.of(zone), 1, Integer::sum);
    }
    addresses.add(instances);
    return ZoneSpread.of(group.zones(), addresses);
  }

  private @Nullable IpPrefix[] blocksOf(StaticAddresses network) {
    return requireNonNull(statics.get(network.name()));
  }

  /** Keeps an instance in the zone it is in, if that is one of the group's. */
  private boolean stay(int index) {
    Optional<String> zone = zoneOf(index).filter(group.zones()::contains);
    zone.ifPresent(current -> put(index, current));
    return zone.isPresent();
  }

  /** The zone of what an instance holds. */
  private Optional<String> zoneOf(int index) {
    return heldBy(index).stream()
        .filter(block -> block.state() == BlockState.ACTIVE)
        .flatMap(block -> Stream.ofNullable(block.zone()))
        .findFirst();
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

  private InvalidConfigurationException tooFew(StaticAddresses network, int index) {
    return refused(
        network,
        "NetworkReservationError",
        "no static address is left for instance %s; name one more"
            .formatted(id(index).shortName()));
  }

  private InvalidConfigurationException uneven(List<StaticAddresses> named) {
    return refused(
        named.get(named.size() - 1),
        "InstanceGroupNetworkInstanceIpMismatch",
        "the static addresses of %s can't be spread evenly over the zones while instances keep"
                .formatted(
                    named.stream().map(StaticAddresses::name).collect(Collectors.joining(" and ")))
            + " theirs; name as many addresses of each network in each zone");
  }

  private InvalidConfigurationException refused(
      StaticAddresses network, String code, String message) {
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "instance_groups." + group.name() + ".networks." + network.name() + ".static_ips",
                code,
                message)));
  }
}
