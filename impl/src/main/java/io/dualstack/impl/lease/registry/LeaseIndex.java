package io.dualstack.impl.lease.registry;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Which members of a pool are free, and which were renewed longest ago, as far as the store has
 * been followed. A step costs the same whatever the pool's size; following costs as much as has
 * changed.
 *
 * <p>The store doesn't tell of renewals, so the times here are lower bounds. The first in their
 * order is looked up in the store before it counts; when it turns out to be younger it is put where
 * it belongs and the next one looked at.
 *
 * <p>Thread-safe.
 */
final class LeaseIndex {

  private record Aged(long renewedAt, IpPrefix subnet, IpAddress underlayIp)
      implements Comparable<Aged> {
    @Override
    public int compareTo(Aged other) {
      int byAge = Long.compare(renewedAt, other.renewedAt);
      return byAge != 0 ? byAge : subnet.compareTo(other.subnet);
    }
  }

  private final AllocationStore store;
  private final LeasePool pool;
  private final RandomGenerator random;
  private final Map<LeaseKind, FreeMembers> members = new EnumMap<>(LeaseKind.class);
  private final Map<LeaseKind, NavigableSet<Aged>> byAge = new EnumMap<>(LeaseKind.class);
  private final Map<IpPrefix, Aged> held = new HashMap<>();
  private long revision = -1;

  LeaseIndex(AllocationStore store, LeasePool pool, RandomGenerator random) {
    this.store = store;
    this.pool = pool;
    this.random = random;
    for (LeaseKind kind : LeaseKind.values()) {
      members.put(kind, new FreeMembers(Math.toIntExact(pool.size(kind))));
      byAge.put(kind, new TreeSet<>());
    }
  }

  /** Brings the index to the store's last revision. */
  synchronized void follow() {
    if (revision < 0) {
      StoreSnapshot snapshot = store.snapshot(LeaseStore.SPACE);
      snapshot.blocks().forEach(this::added);
      revision = snapshot.revision();
      return;
    }
    // Asked for first: what is committed in between is read once more than needed, never less.
    long reached = store.revision();
    if (reached > revision) {
      long last = reached;
      for (HistoryEntry line : store.changesSince(LeaseStore.SPACE, revision)) {
        if (line.event() == Event.FREED) {
          removed(line.block());
        } else {
          added(line.block());
        }
        last = Math.max(last, line.revision());
      }
      revision = last;
    }
  }

  private void added(AllocatedBlock block) {
    Aged entry =
        new Aged(
            block.since().getEpochSecond(), block.block(), IpAddress.parse(block.owner().id()));
    removed(block);
    held.put(entry.subnet(), entry);
    overlapped(entry.subnet(), FreeMembers::use);
    pool.kindOf(entry.subnet()).ifPresent(kind -> ofAge(kind).add(entry));
  }

  private void removed(AllocatedBlock block) {
    Aged entry = held.remove(block.block());
    if (entry != null) {
      overlapped(entry.subnet(), FreeMembers::unuse);
      pool.kindOf(entry.subnet()).ifPresent(kind -> ofAge(kind).remove(entry));
    }
  }

  private NavigableSet<Aged> ofAge(LeaseKind kind) {
    return byAge.computeIfAbsent(kind, any -> new TreeSet<>());
  }

  private FreeMembers ofKind(LeaseKind kind) {
    return members.computeIfAbsent(kind, any -> new FreeMembers(0));
  }

  private interface Step {
    void on(FreeMembers members, int member);
  }

  /** Takes a step for every member that shares an address with a subnet, which may be no member. */
  private void overlapped(IpPrefix subnet, Step step) {
    for (LeaseKind kind : LeaseKind.values()) {
      long last = pool.size(kind) - 1;
      IpPrefix whole = span(kind, last);
      long from = Math.max(subnet.first().low(), whole.first().low());
      long to = Math.min(subnet.last().low(), whole.last().low());
      IntConsumer each = member -> step.on(ofKind(kind), member);
      if (from <= to) {
        int shift = Integer.SIZE - pool.subnet(kind, 0).length();
        long base = pool.network().first().low();
        long low = Math.max(0, ((from - base) >>> shift) - 1);
        long high = Math.min(last, ((to - base) >>> shift) - 1);
        for (long member = low; member <= high; member++) {
          each.accept((int) member);
        }
      }
    }
  }

  /** The block within which all members of a kind lie. */
  private IpPrefix span(LeaseKind kind, long last) {
    return kind == LeaseKind.BLOCK
        ? pool.network()
        : IpPrefix.containing(pool.subnet(kind, last).first(), pool.subnetPrefixLength());
  }

  /**
   * Returns a random free member, which is not free from then on until it is {@link #giveBack given
   * back}.
   */
  synchronized OptionalInt take(LeaseKind kind) {
    OptionalInt member = ofKind(kind).random(random);
    member.ifPresent(ofKind(kind)::use);
    return member;
  }

  /**
   * Gives back what was taken. If it was committed, the store tells, or has told, that it is used.
   */
  synchronized void giveBack(LeaseKind kind, int member) {
    ofKind(kind).unuse(member);
  }

  /**
   * What was found of the expired leases.
   *
   * @param record the one that expired first; empty when there is none
   * @param outdated whether some were gone from the store, so that it must be followed before none
   *     means none
   */
  record Oldest(Optional<LeaseRecord> record, boolean outdated) {}

  /**
   * Looks for the lease of a kind that expired first.
   *
   * @param actual looks up what the store tells of a cell
   */
  synchronized Oldest oldestExpired(
      LeaseKind kind, long now, Function<IpAddress, Optional<LeaseRecord>> actual) {
    long expiry = pool.expiry().toSeconds();
    NavigableSet<Aged> order = ofAge(kind);
    boolean outdated = false;
    while (!order.isEmpty() && order.first().renewedAt() + expiry <= now) {
      Aged oldest = order.first();
      Optional<LeaseRecord> record =
          actual
              .apply(oldest.underlayIp())
              .filter(found -> found.lease().overlaySubnet().equals(oldest.subnet()));
      if (record.isPresent() && record.get().renewedAt() <= oldest.renewedAt()) {
        return new Oldest(record, outdated);
      }
      order.remove(oldest);
      if (record.isEmpty()) {
        // Taken or released by another since the store was followed.
        outdated = true;
      } else {
        Aged younger = new Aged(record.get().renewedAt(), oldest.subnet(), oldest.underlayIp());
        held.put(younger.subnet(), younger);
        order.add(younger);
      }
    }
    return new Oldest(Optional.empty(), outdated);
  }

  /** Returns how many members of a kind are free. For tests. */
  synchronized int free(LeaseKind kind) {
    return ofKind(kind).free();
  }

  /** Returns the subnets that are held. For tests. */
  synchronized List<IpPrefix> heldSubnets() {
    return held.keySet().stream().sorted().toList();
  }
}
