package io.dualstack.impl.allocation;

import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.impl.allocation.pool.FreeSpace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One subnet as the index sees it: what is free for dynamic use, and how much is held. Blocks of
 * other networks in the same range count as held here too. Not thread-safe.
 */
final class AddressPool {

  final String network;
  final IpPrefix range;
  final int prefixLength;
  final PrefixChooser chooser;
  private final List<String> zones;
  private final IpSet restricted;
  private final IpSet statics;

  /** Restricted or set aside for static use: never handed out dynamically. */
  private final IpSet blocked;

  private final FreeSpace free;

  /** What is held inside the blocked part, which {@link #free} can't tell. */
  private @Nullable FreeSpace blockedPart;

  private final Map<BlockState, Long> counts = new EnumMap<>(BlockState.class);
  private @Nullable IpAddress handedOutLast;

  AddressPool(
      String network,
      IpPrefix range,
      int prefixLength,
      PrefixChooser chooser,
      List<String> zones,
      IpSet restricted,
      IpSet statics) {
    this.network = network;
    this.range = range;
    this.prefixLength = prefixLength;
    this.chooser = chooser;
    this.zones = zones;
    this.restricted = restricted;
    this.statics = statics;
    this.blocked = restricted.union(statics);
    this.free = FreeSpace.of(range);
    for (IpPrefix block : blocked.prefixes()) {
      free.occupy(block);
    }
  }

  boolean serves(@Nullable String zone) {
    return zone == null || zones.isEmpty() || zones.contains(zone);
  }

  boolean isRestricted(IpPrefix block) {
    return restricted.overlaps(block);
  }

  /** Why a block can't be held here at all, whoever else holds what; empty if it can. */
  Optional<String> refuses(IpPrefix block) {
    if (!range.contains(block)) {
      return Optional.of("is outside range " + range);
    }
    if (restricted.overlaps(block)) {
      return Optional.of(
          "covers restricted addresses of range "
              + range
              + ": "
              + restricted.overlapping(block.toRange()));
    }
    return Optional.empty();
  }

  boolean isStatic(IpPrefix block) {
    return statics.overlaps(block);
  }

  boolean isFree(IpPrefix block) {
    if (!blocked.overlaps(block)) {
      return free.isFree(block);
    }
    if (blocked.contains(block)) {
      return blockedPart == null || blockedPart.isFree(block);
    }
    return parts(block, false).stream().allMatch(free::isFree)
        && (blockedPart == null || parts(block, true).stream().allMatch(blockedPart::isFree));
  }

  /** The block that would be handed out next. */
  Optional<IpPrefix> next(int length, AllocatorOptions.Strategy strategy) {
    if (strategy == AllocatorOptions.Strategy.ROUND_ROBIN && handedOutLast != null) {
      Optional<IpPrefix> behind =
          handedOutLast.next().flatMap(start -> free.lowestAtOrAfter(start, length));
      if (behind.isPresent()) {
        return behind;
      }
    }
    return free.lowest(length);
  }

  /** The last address of the block handed out last; round robin goes on behind it. */
  Optional<IpAddress> handedOutLast() {
    return Optional.ofNullable(handedOutLast);
  }

  void resumeBehind(Optional<IpAddress> last) {
    handedOutLast = last.orElse(null);
  }

  /** Marks a block, or as much of it as lies in the range, as held. False if a part already was. */
  boolean occupy(IpPrefix block) {
    IpPrefix inside = block.contains(range) ? range : block;
    if (!blocked.overlaps(inside)) {
      return free.occupy(inside);
    }
    if (blockedPart == null) {
      blockedPart = FreeSpace.of(range);
    }
    if (blocked.contains(inside)) {
      return blockedPart.occupy(inside);
    }
    if (!isFree(inside)) {
      return false;
    }
    parts(inside, false).forEach(free::occupy);
    parts(inside, true).forEach(blockedPart::occupy);
    return true;
  }

  /** Marks a block, or as much of it as lies in the range, as not held any more. */
  void release(IpPrefix block) {
    IpPrefix inside = block.contains(range) ? range : block;
    if (!blocked.overlaps(inside)) {
      free.free(inside);
      return;
    }
    if (blockedPart != null && blocked.contains(inside)) {
      blockedPart.free(inside);
      return;
    }
    parts(inside, false).forEach(free::free);
    if (blockedPart != null) {
      parts(inside, true).forEach(blockedPart::free);
    }
  }

  void count(BlockState state, long difference) {
    counts.merge(state, difference, Long::sum);
  }

  long count(BlockState state) {
    return counts.getOrDefault(state, 0L);
  }

  BigInteger available() {
    return free.freeBlocks(prefixLength);
  }

  SortedMap<Integer, BigInteger> freeByLength() {
    return free.freeByLength();
  }

  private List<IpPrefix> parts(IpPrefix block, boolean inBlocked) {
    IpSet whole = IpSet.of(block.toRange());
    return (inBlocked ? whole.intersect(blocked) : whole.subtract(blocked)).prefixes();
  }
}
