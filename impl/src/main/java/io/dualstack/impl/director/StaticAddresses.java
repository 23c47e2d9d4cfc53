package io.dualstack.impl.director;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Streams;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The static addresses that an instance group names for one network, given out to its instances one
 * by one. Ranges are read only as far as they are needed.
 */
final class StaticAddresses {

  /** In place of a zone where there is none. */
  private static final String NONE = "";

  private final String name;
  private final NetworkDefinition network;
  private final List<String> groupZones;
  private final @Nullable Integer prefixLength;
  private final IpSet bases;
  private final Iterator<IpPrefix> unread;

  private final Set<IpPrefix> taken = new HashSet<>();

  /** What nobody had, in the order of the manifest. */
  private final List<IpPrefix> left = new ArrayList<>();

  /** The same by the zone each is used in; by the empty text where a group has no zones. */
  private final Map<String, Deque<IpPrefix>> byZone = new HashMap<>();

  /** Which zone each of them is used in, from the first that isn't given out. */
  private final Deque<Share> order = new ArrayDeque<>();

  private final Set<IpPrefix> given = new HashSet<>();

  private record Share(IpPrefix block, String zone) {}

  StaticAddresses(NetworkUse use, NetworkDefinition network, InstanceGroup group) {
    this.name = use.network();
    this.network = network;
    this.groupZones = group.zones();
    this.bases = IpSet.of(use.staticIps());
    this.prefixLength =
        use.prefixLength() != null
            ? use.prefixLength()
            : network instanceof NetworkDefinition.Manual manual ? manual.prefixLength() : null;
    this.unread =
        use.staticIps().stream()
            .flatMap(range -> Streams.stream(range.addresses()))
            .map(this::block)
            .iterator();
  }

  /** The network's name. */
  String name() {
    return name;
  }

  /** Takes a block that an instance already has. False if it is not one of these, or taken. */
  boolean take(IpPrefix block) {
    return block.equals(block(block.first())) && bases.contains(block.first()) && taken.add(block);
  }

  /** Reads as many blocks that nobody has; false if there are fewer. */
  boolean readUpTo(int count) {
    while (left.size() < count && unread.hasNext()) {
      IpPrefix block = unread.next();
      if (taken.add(block)) {
        left.add(block);
      }
    }
    return left.size() == count;
  }

  /** How many blocks were read. */
  int left() {
    return left.size();
  }

  /** How many of these there are in each set of zones. */
  Map<List<String>, Integer> leftByZones() {
    Map<List<String>, Integer> kinds = new LinkedHashMap<>();
    left.forEach(block -> kinds.merge(zonesOf(block), 1, Integer::sum));
    return kinds;
  }

  /**
   * Says in which zone each of these is used, in turns where it may be several.
   *
   * @param shares how many of each set of zones are used in each of them; empty without zones
   */
  void share(Map<List<String>, Map<String, Integer>> shares) {
    for (IpPrefix block : left) {
      String zone = NONE;
      Map<String, Integer> share = shares.get(zonesOf(block));
      if (share != null) {
        zone = Collections.max(share.entrySet(), Map.Entry.comparingByValue()).getKey();
        share.merge(zone, -1, Integer::sum);
      }
      byZone.computeIfAbsent(zone, key -> new ArrayDeque<>()).add(block);
      order.add(new Share(block, zone));
    }
  }

  /** The zone of the first block that isn't given out. */
  String nextZone() {
    while (given.contains(order.element().block())) {
      order.remove();
    }
    return order.element().zone();
  }

  /** Gives out the first block that is used in a zone; null for a group without zones. */
  IpPrefix next(@Nullable String zone) {
    IpPrefix block = requireNonNull(byZone.get(zone == null ? NONE : zone)).remove();
    given.add(block);
    return block;
  }

  /** The zones of the group that a block's subnet serves. */
  List<String> zonesOf(IpPrefix block) {
    if (network instanceof NetworkDefinition.Manual manual) {
      for (Subnet subnet : manual.subnets()) {
        if (subnet.range().contains(block) && !subnet.zones().isEmpty()) {
          return groupZones.stream().filter(subnet.zones()::contains).toList();
        }
      }
    }
    return groupZones;
  }

  /** The block whose base is a static address. */
  private IpPrefix block(IpAddress base) {
    return prefixLength == null
        ? IpPrefix.single(base)
        : IpPrefix.containing(base, Math.min(prefixLength, base.family().bits()));
  }
}
