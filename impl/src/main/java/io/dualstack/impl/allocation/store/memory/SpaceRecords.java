package io.dualstack.impl.allocation.store.memory;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one address space holds. Not thread-safe. Blocks never overlap, so that the last block that
 * begins at or before an address is the only one that can hold it.
 */
final class SpaceRecords {

  private record Slot(Owner owner, String network) {}

  private final TreeMap<IpPrefix, AllocatedBlock> blocks = new TreeMap<>();
  private final TreeMap<String, TreeMap<IpPrefix, AllocatedBlock>> byOwner = new TreeMap<>();
  private final Map<Slot, AllocatedBlock> slots = new HashMap<>();
  private final TreeMap<String, String> documents = new TreeMap<>();
  private final List<HistoryEntry> trail = new ArrayList<>();

  /** Where in the trail each block's lines are. */
  private final Map<IpPrefix, List<Integer>> past = new HashMap<>();

  /** Says why a block can't be added; null when it can. */
  @Nullable Refusal refusalOf(AllocatedBlock wanted) {
    List<AllocatedBlock> inTheWay = overlapping(wanted.block());
    return inTheWay.isEmpty()
        ? slotTaken(wanted, null)
        : new Refusal.Overlap(wanted.block(), inTheWay.get(0));
  }

  /** Says why a record can't be removed, or another put in its place; null when it can. */
  @Nullable Refusal refusalOf(AllocatedBlock before, @Nullable AllocatedBlock after) {
    AllocatedBlock actual = blocks.get(before.block());
    if (!before.equals(actual)) {
      return new Refusal.NotHeld(before, actual);
    }
    return after == null ? null : slotTaken(after, before);
  }

  private @Nullable Refusal slotTaken(AllocatedBlock wanted, @Nullable AllocatedBlock instead) {
    if (!takesSlot(wanted)) {
      return null;
    }
    AllocatedBlock holder = slots.get(slot(wanted));
    return holder == null || holder.equals(instead)
        ? null
        : new Refusal.SlotTaken(wanted.block(), holder);
  }

  private static boolean takesSlot(AllocatedBlock held) {
    return held.state() == BlockState.ACTIVE && held.kind() != AllocationKind.EXTERNAL;
  }

  private static Slot slot(AllocatedBlock held) {
    return new Slot(held.owner(), held.network());
  }

  /** Writes a record that was not refused. */
  void put(AllocatedBlock held) {
    AllocatedBlock before = blocks.put(held.block(), held);
    if (before != null) {
      forget(before);
    }
    byOwner.computeIfAbsent(held.owner().id(), id -> new TreeMap<>()).put(held.block(), held);
    if (takesSlot(held)) {
      slots.put(slot(held), held);
    }
  }

  void remove(AllocatedBlock held) {
    blocks.remove(held.block());
    forget(held);
  }

  private void forget(AllocatedBlock held) {
    byOwner.computeIfPresent(
        held.owner().id(),
        (id, owned) -> {
          owned.remove(held.block());
          return owned.isEmpty() ? null : owned;
        });
    if (takesSlot(held)) {
      slots.remove(slot(held));
    }
  }

  void record(HistoryEntry line) {
    past.computeIfAbsent(line.block().block(), block -> new ArrayList<>(2)).add(trail.size());
    trail.add(line);
  }

  List<AllocatedBlock> all() {
    return List.copyOf(blocks.values());
  }

  List<AllocatedBlock> overlapping(IpPrefix range) {
    Map.Entry<IpPrefix, AllocatedBlock> before = blocks.floorEntry(IpPrefix.single(range.first()));
    if (before != null && before.getKey().contains(range)) {
      return List.of(before.getValue());
    }
    return List.copyOf(blocks.subMap(range, true, IpPrefix.single(range.last()), true).values());
  }

  List<AllocatedBlock> of(OwnerScope scope) {
    if (scope.equals(OwnerScope.ALL)) {
      return all();
    }
    List<AllocatedBlock> found = new ArrayList<>();
    TreeMap<IpPrefix, AllocatedBlock> own = byOwner.get(scope.path());
    if (own != null) {
      found.addAll(own.values());
    }
    // What lies below a path ends where the character after the slash would begin.
    String below = scope.path() + '/';
    String behind = scope.path() + (char) ('/' + 1);
    byOwner.subMap(below, behind).values().forEach(owned -> found.addAll(owned.values()));
    found.sort(null);
    return List.copyOf(found);
  }

  List<HistoryEntry> between(long after, long upTo) {
    int from = firstAbove(after);
    return List.copyOf(trail.subList(from, Math.max(from, firstAbove(upTo))));
  }

  /** Returns where in the trail the lines of later revisions begin. */
  private int firstAbove(long revision) {
    int low = 0;
    int high = trail.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (trail.get(middle).revision() > revision) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  List<HistoryEntry> history(IpAddress address) {
    List<Integer> found = new ArrayList<>();
    for (int length = 0; length <= address.family().bits(); length++) {
      found.addAll(past.getOrDefault(IpPrefix.containing(address, length), List.of()));
    }
    found.sort(null);
    return found.stream().map(trail::get).toList();
  }

  @Nullable String document(String key) {
    return documents.get(key);
  }

  void putDocument(String key, @Nullable String text) {
    if (text == null) {
      documents.remove(key);
    } else {
      documents.put(key, text);
    }
  }

  Map<String, String> documents(String keyPrefix) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : documents.tailMap(keyPrefix).entrySet()) {
      if (!entry.getKey().startsWith(keyPrefix)) {
        break;
      }
      found.put(entry.getKey(), entry.getValue());
    }
    return found;
  }
}
