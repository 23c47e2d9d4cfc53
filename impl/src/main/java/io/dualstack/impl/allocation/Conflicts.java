package io.dualstack.impl.allocation;

import io.dualstack.AllocationConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why a block can't be had: who holds it, or how much is free in which sizes. */
final class Conflicts {

  private final AllocationStore store;
  private final AddressSpace space;

  Conflicts(AllocationStore store, AddressSpace space) {
    this.store = store;
    this.space = space;
  }

  /** Refuses a block that somebody holds a part of, or that was just handed to somebody else. */
  void requireFree(String network, IpPrefix wanted, List<IpPrefix> handedOut) {
    if (!store.overlapping(space, wanted).isEmpty()
        || handedOut.stream().anyMatch(wanted::overlaps)) {
      throw held(network, wanted, handedOut);
    }
  }

  AllocationConflictException held(String network, IpPrefix wanted, List<IpPrefix> handedOut) {
    List<AllocatedBlock> holders = store.overlapping(space, wanted);
    if (!holders.isEmpty()) {
      return held(network, wanted, holders.get(0));
    }
    String other =
        handedOut.stream()
            .filter(wanted::overlaps)
            .findFirst()
            .map(block -> block.equals(wanted) ? "" : " (as " + block + ")")
            .orElse("");
    return new AllocationConflictException(
        wanted,
        null,
        "network %s: %s: is asked for twice in the same request%s; ask for it once"
            .formatted(network, wanted, other));
  }

  AllocationConflictException held(String network, IpPrefix wanted, AllocatedBlock holder) {
    return new AllocationConflictException(
        wanted,
        holder,
        "network %s: %s: %s; %s"
            .formatted(network, wanted, describe(wanted, holder), remedy(holder)));
  }

  AllocationConflictException slotTaken(String network, IpPrefix wanted, AllocatedBlock held) {
    return new AllocationConflictException(
        wanted,
        held,
        "network %s: %s: %s already holds %s of it; release that first"
            .formatted(network, wanted, held.owner(), held.block()));
  }

  AllocationConflictException forbidden(String network, IpPrefix wanted, String reason) {
    return new AllocationConflictException(
        wanted,
        null,
        "network %s: %s: %s; ask for another block".formatted(network, wanted, reason));
  }

  PoolExhaustedException exhausted(
      NetworkPools pools, String network, int length, @Nullable String zone) {
    SortedMap<Integer, BigInteger> free = new TreeMap<>();
    long active = 0;
    long obsolete = 0;
    long quarantined = 0;
    StringBuilder ranges = new StringBuilder();
    for (AddressPool pool : pools.of(network)) {
      if (!pool.serves(zone)) {
        continue;
      }
      ranges.append(ranges.isEmpty() ? "" : ", ").append(pool.range);
      pool.freeByLength().forEach((size, count) -> free.merge(size, count, BigInteger::add));
      active += pool.count(BlockState.ACTIVE);
      obsolete += pool.count(BlockState.OBSOLETE);
      quarantined += pool.count(BlockState.QUARANTINED);
    }
    String in = ranges.isEmpty() ? "any subnet" : ranges.toString();
    String message =
        "network %s: no free /%d in %s%s: %d held, %d waiting to be detached, %d resting; %s; %s"
            .formatted(
                network,
                length,
                in,
                zone == null ? "" : " for zone " + zone,
                active,
                obsolete,
                quarantined,
                describe(free),
                ranges.isEmpty()
                    ? "add a subnet that serves the zone"
                    : "add a subnet, release blocks, or ask for a longer prefix");
    return new PoolExhaustedException(network, length, free, message);
  }

  private static String describe(SortedMap<Integer, BigInteger> free) {
    if (free.isEmpty()) {
      return "nothing is free";
    }
    return "free are "
        + free.entrySet().stream()
            .map(size -> size.getValue() + " x /" + size.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String describe(IpPrefix wanted, AllocatedBlock holder) {
    String as = holder.block().equals(wanted) ? "" : " as " + holder.block();
    return switch (holder.kind()) {
      case EXTERNAL -> "is excluded%s: %s".formatted(as, holder.network());
      case STATIC, DYNAMIC ->
          switch (holder.state()) {
            case ACTIVE ->
                "is held%s by %s in network %s since %s"
                    .formatted(as, holder.owner(), holder.network(), holder.since());
            case OBSOLETE ->
                "is given up%s by %s but not yet detached".formatted(as, holder.owner());
            case QUARANTINED ->
                "rests%s until %s after %s released it"
                    .formatted(as, holder.until(), holder.owner());
          };
    };
  }

  private static String remedy(AllocatedBlock holder) {
    return switch (holder.state()) {
      case ACTIVE -> "release it first, or ask for another";
      case OBSOLETE -> "apply the holder's deployment first, or ask for another";
      case QUARANTINED -> "wait, or ask for another";
    };
  }
}
