package io.dualstack.impl.allocation.check;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.impl.allocation.trail.TrailPages;
import io.dualstack.impl.allocation.trail.TrailReplay;
import io.dualstack.impl.allocation.trail.TrailReplay.ImpossibleLineException;
import io.dualstack.net.IpPrefix;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the blocks of one space at one revision: that none overlap, that no slot is taken twice,
 * and that the audit trail up to that revision tells of exactly these. What others commit meanwhile
 * is no matter.
 */
final class SpaceCheck {

  private record Slot(Owner owner, String network) {}

  private final AllocationStore store;
  private final AddressSpace space;
  private final Findings findings;
  private final String path;

  SpaceCheck(AllocationStore store, AddressSpace space, Findings findings) {
    this.store = store;
    this.space = space;
    this.findings = findings;
    this.path = "space " + space;
  }

  /** Returns how many blocks the space holds. */
  int run() {
    StoreSnapshot snapshot = store.snapshot(space);
    checkOverlaps(snapshot);
    checkSlots(snapshot);
    checkTrail(snapshot);
    return snapshot.blocks().size();
  }

  private void checkOverlaps(StoreSnapshot snapshot) {
    AllocatedBlock reachesFurthest = null;
    for (AllocatedBlock held : snapshot.blocks()) {
      if (reachesFurthest != null && reachesFurthest.block().overlaps(held.block())) {
        findings.add(
            path,
            "BlocksOverlap",
            "%s of %s lies in %s of %s; release one of them"
                .formatted(
                    held.block(), held.owner(), reachesFurthest.block(), reachesFurthest.owner()));
      } else {
        reachesFurthest = held;
      }
    }
  }

  private void checkSlots(StoreSnapshot snapshot) {
    Map<Slot, IpPrefix> slots = new HashMap<>();
    for (AllocatedBlock held : snapshot.blocks()) {
      if (held.state() != BlockState.ACTIVE || held.kind() == AllocationKind.EXTERNAL) {
        continue;
      }
      IpPrefix other = slots.putIfAbsent(new Slot(held.owner(), held.network()), held.block());
      if (other != null) {
        findings.add(
            path,
            "SlotTakenTwice",
            "%s has %s and %s of network %s; release one of them"
                .formatted(held.owner(), other, held.block(), held.network()));
      }
    }
  }

  private void checkTrail(StoreSnapshot snapshot) {
    TrailReplay replay = new TrailReplay();
    for (HistoryEntry line : new TrailPages(store, space, 0, snapshot.revision())) {
      try {
        replay.take(line);
      } catch (ImpossibleLineException e) {
        findings.add(path, "TrailImpossible", String.valueOf(e.getMessage()));
      }
    }
    Map<IpPrefix, AllocatedBlock> told = new HashMap<>();
    replay.held().forEach(held -> told.put(held.block(), held));
    for (AllocatedBlock held : snapshot.blocks()) {
      differs(held.block(), held, told.remove(held.block()));
    }
    told.forEach((block, line) -> differs(block, null, line));
  }

  private void differs(
      IpPrefix block, @Nullable AllocatedBlock held, @Nullable AllocatedBlock told) {
    if (held == null) {
      findings.add(
          path, "TrailDiffers", "%s: the trail says %s, but it is free".formatted(block, told));
    } else if (told == null) {
      findings.add(
          path,
          "TrailDiffers",
          "%s: the trail says it is free, but it is %s".formatted(block, held));
    } else if (!held.equals(told)) {
      findings.add(
          path, "TrailDiffers", "%s: the trail says %s, but it is %s".formatted(block, told, held));
    }
  }
}
