package io.dualstack.testkit.contract;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store should hold and answer, worked out in the plainest way: every rule is a walk over
 * everything. Not thread-safe.
 */
final class StoreModel {

  private static final class Space {
    private final TreeMap<IpPrefix, AllocatedBlock> blocks = new TreeMap<>();
    private final TreeMap<String, String> documents = new TreeMap<>();
    private final List<HistoryEntry> lines = new ArrayList<>();

    Space copy() {
      Space copy = new Space();
      copy.blocks.putAll(blocks);
      copy.documents.putAll(documents);
      copy.lines.addAll(lines);
      return copy;
    }
  }

  private final Map<AddressSpace, Space> spaces = new HashMap<>();
  private long revision;

  CommitResult commit(ChangeSet set) {
    Space changed = space(set.space()).copy();
    for (Change change : set.changes()) {
      Refusal refusal = refusalOf(changed, change);
      if (refusal != null) {
        return new CommitResult.Refused(refusal);
      }
      apply(changed, change);
      HistoryEntry line = change.line(revision + 1, set.at());
      if (line != null) {
        changed.lines.add(line);
      }
    }
    spaces.put(set.space(), changed);
    revision++;
    return new CommitResult.Committed(revision);
  }

  private static @Nullable Refusal refusalOf(Space space, Change change) {
    if (change instanceof Change.Add add) {
      AllocatedBlock wanted = add.block();
      return space.blocks.values().stream()
          .filter(held -> held.block().overlaps(wanted.block()))
          .findFirst()
          .<Refusal>map(holder -> new Refusal.Overlap(wanted.block(), holder))
          .orElseGet(() -> slotTaken(space, wanted));
    }
    if (change instanceof Change.Replace replace) {
      Refusal notHeld = notHeld(space, replace.before());
      return notHeld == null ? slotTaken(space, replace.after()) : notHeld;
    }
    if (change instanceof Change.Remove remove) {
      return notHeld(space, remove.block());
    }
    if (change instanceof Change.ExpectDocument expect
        && !Objects.equals(space.documents.get(expect.key()), expect.text())) {
      return new Refusal.DocumentChanged(expect.key());
    }
    return null;
  }

  private static @Nullable Refusal notHeld(Space space, AllocatedBlock expected) {
    AllocatedBlock actual = space.blocks.get(expected.block());
    return expected.equals(actual) ? null : new Refusal.NotHeld(expected, actual);
  }

  private static @Nullable Refusal slotTaken(Space space, AllocatedBlock wanted) {
    return space.blocks.values().stream()
        .filter(held -> takesSlot(held) && takesSlot(wanted))
        .filter(held -> held.owner().equals(wanted.owner()))
        .filter(held -> held.network().equals(wanted.network()))
        .filter(held -> !held.block().equals(wanted.block()))
        .findFirst()
        .map(holder -> new Refusal.SlotTaken(wanted.block(), holder))
        .orElse(null);
  }

  private static boolean takesSlot(AllocatedBlock held) {
    return held.state() == BlockState.ACTIVE && held.kind() != AllocationKind.EXTERNAL;
  }

  private static void apply(Space space, Change change) {
    if (change instanceof Change.Add add) {
      space.blocks.put(add.block().block(), add.block());
    } else if (change instanceof Change.Replace replace) {
      space.blocks.put(replace.after().block(), replace.after());
    } else if (change instanceof Change.Remove remove) {
      space.blocks.remove(remove.block().block());
    } else if (change instanceof Change.PutDocument put) {
      space.documents.put(put.key(), put.text());
    } else if (change instanceof Change.RemoveDocument remove) {
      space.documents.remove(remove.key());
    }
  }

  long revision() {
    return revision;
  }

  List<AllocatedBlock> blocks(AddressSpace space) {
    return List.copyOf(space(space).blocks.values());
  }

  List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    return blocks(space).stream().filter(held -> scope.contains(held.owner())).toList();
  }

  List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix range) {
    return blocks(space).stream().filter(held -> held.block().overlaps(range)).toList();
  }

  List<HistoryEntry> changesSince(AddressSpace space, long since) {
    return lines(space).filter(line -> line.revision() > since).toList();
  }

  List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return lines(space).filter(line -> line.block().block().contains(address)).toList();
  }

  private Stream<HistoryEntry> lines(AddressSpace space) {
    return space(space).lines.stream();
  }

  Map<String, String> documents(AddressSpace space, String keyPrefix) {
    Map<String, String> found = new TreeMap<>(space(space).documents);
    found.keySet().removeIf(key -> !key.startsWith(keyPrefix));
    return found;
  }

  private Space space(AddressSpace space) {
    return spaces.getOrDefault(space, new Space());
  }
}
