package io.dualstack.impl.director;

import com.google.common.collect.Streams;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The static addresses that an instance group names for one network, given out to its instances one
 * by one. Ranges are read only as far as they are needed.
 */
final class StaticAddresses {

  private final NetworkDefinition network;
  private final @Nullable Integer prefixLength;
  private final IpSet bases;
  private final Iterator<IpPrefix> unread;

  /** Read, but passed over because another zone was asked for; by the zones of their subnets. */
  private final Map<List<String>, Deque<IpPrefix>> passedOver = new LinkedHashMap<>();

  private final Set<IpPrefix> taken = new HashSet<>();

  StaticAddresses(NetworkUse use, NetworkDefinition network) {
    this.network = network;
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

  /** Takes a block that an instance already has. False if it is not one of these, or taken. */
  boolean take(IpPrefix block) {
    return block.equals(block(block.first())) && bases.contains(block.first()) && taken.add(block);
  }

  /**
   * Takes the first block whose subnet serves a zone, or, without a zone, one of some zones.
   *
   * @param zone the zone that an instance is in; null if it is not in one yet
   * @param zones the zones it may be put in; empty for any
   */
  Optional<IpPrefix> takeFirst(@Nullable String zone, List<String> zones) {
    for (Map.Entry<List<String>, Deque<IpPrefix>> earlier : passedOver.entrySet()) {
      if (fits(earlier.getKey(), zone, zones)) {
        for (IpPrefix block = earlier.getValue().poll();
            block != null;
            block = earlier.getValue().poll()) {
          if (taken.add(block)) {
            return Optional.of(block);
          }
        }
      }
    }
    while (unread.hasNext()) {
      IpPrefix block = unread.next();
      List<String> served = zonesOf(block);
      if (!fits(served, zone, zones)) {
        passedOver.computeIfAbsent(served, key -> new ArrayDeque<>()).add(block);
      } else if (taken.add(block)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  /** The zones that a block's subnet serves; empty for all. */
  List<String> zonesOf(IpPrefix block) {
    if (network instanceof NetworkDefinition.Manual manual) {
      return manual.subnets().stream()
          .filter(subnet -> subnet.range().contains(block))
          .findFirst()
          .map(Subnet::zones)
          .orElse(List.of());
    }
    return List.of();
  }

  private static boolean fits(List<String> served, @Nullable String zone, List<String> zones) {
    if (served.isEmpty()) {
      return true;
    }
    return zone == null
        ? zones.isEmpty() || zones.stream().anyMatch(served::contains)
        : served.contains(zone);
  }

  /** The block whose base is a static address. */
  private IpPrefix block(IpAddress base) {
    return prefixLength == null
        ? IpPrefix.single(base)
        : IpPrefix.containing(base, Math.min(prefixLength, base.family().bits()));
  }
}
