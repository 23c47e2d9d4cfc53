package io.dualstack.impl.allocation.imports;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes blocks into a store, all or none, in one change set. Blocks that are there already stay as
 * they are, so that the same import again changes nothing.
 */
public final class BlockImport {

  private record Slot(Owner owner, String network) {}

  private final AllocationStore store;
  private final AddressSpace space;
  private final List<Diagnostic> refusals = new ArrayList<>();

  private BlockImport(AllocationStore store, AddressSpace space) {
    this.store = store;
    this.space = space;
  }

  /**
   * Imports blocks.
   *
   * @return how many were not there yet
   * @throws InvalidConfigurationException naming each block that overlaps another, or whose owner
   *     has another one of the network; then nothing is written
   */
  public static int run(AllocationStore store, AddressSpace space, List<ImportedBlock> blocks) {
    return new BlockImport(store, space).run(blocks);
  }

  private int run(List<ImportedBlock> blocks) {
    refuseOverlaps(blocks);
    refuseSlotsTakenTwice(blocks);
    List<ImportedBlock> missing = blocks.stream().filter(this::isMissing).toList();
    if (!refusals.isEmpty()) {
      throw new InvalidConfigurationException(refusals);
    }
    if (!missing.isEmpty()) {
      write(missing);
    }
    return missing.size();
  }

  private void refuseOverlaps(List<ImportedBlock> blocks) {
    ImportedBlock before = null;
    for (ImportedBlock each :
        blocks.stream().sorted(Comparator.comparing(ImportedBlock::held)).toList()) {
      if (before != null && before.held().block().overlaps(each.held().block())) {
        refuse(
            each,
            "BlocksOverlap",
            "overlaps %s of %s (%s); remove one of them there"
                .formatted(before.held().block(), before.held().owner(), before.source()));
      } else {
        before = each;
      }
    }
  }

  private void refuseSlotsTakenTwice(List<ImportedBlock> blocks) {
    Map<Slot, ImportedBlock> slots = new HashMap<>();
    for (ImportedBlock each : blocks) {
      if (each.held().state() != BlockState.ACTIVE) {
        continue;
      }
      ImportedBlock other =
          slots.putIfAbsent(new Slot(each.held().owner(), each.held().network()), each);
      if (other != null) {
        refuse(
            each,
            "SlotTakenTwice",
            "%s has %s of network %s as well (%s); remove one of them there"
                .formatted(
                    each.held().owner(),
                    other.held().block(),
                    each.held().network(),
                    other.source()));
      }
    }
  }

  private boolean isMissing(ImportedBlock wanted) {
    for (AllocatedBlock holder : store.overlapping(space, wanted.held().block())) {
      if (wanted.isThereAs(holder)) {
        return false;
      }
      refuse(
          wanted,
          "BlockHeld",
          "%s holds %s in %s; release it there"
              .formatted(holder.owner(), holder.block(), store.location()));
    }
    return true;
  }

  private void refuse(ImportedBlock block, String code, String why) {
    refusals.add(
        new Diagnostic(
            Severity.ERROR,
            block.source(),
            "",
            0,
            0,
            code,
            "%s of %s: %s".formatted(block.held().block(), block.held().owner(), why)));
  }

  private void write(List<ImportedBlock> missing) {
    List<Change> changes = new ArrayList<>();
    // Whoever has an old and a new block has room for the new one when the old one is given up.
    for (BlockState state : List.of(BlockState.OBSOLETE, BlockState.ACTIVE)) {
      for (ImportedBlock each : missing) {
        if (each.held().state() == state) {
          add(changes, each.held());
        }
      }
    }
    CommitResult result = store.commit(new ChangeSet(space, Instant.now(), changes));
    if (!(result instanceof Committed)) {
      throw refused(missing, ((Refused) result).refusal());
    }
  }

  private static void add(List<Change> changes, AllocatedBlock held) {
    AllocatedBlock active =
        held.relabelled(held.incarnation(), held.network(), held.zone(), held.kind());
    changes.add(new Change.Add(active));
    if (held.state() == BlockState.OBSOLETE) {
      changes.add(new Change.Replace(active, held));
    }
  }

  private InvalidConfigurationException refused(List<ImportedBlock> missing, Refusal refusal) {
    if (refusal instanceof Refusal.SlotTaken taken) {
      missing.stream()
          .filter(each -> each.held().block().equals(taken.wanted()))
          .forEach(
              each ->
                  refuse(
                      each,
                      "SlotTaken",
                      "it has %s of network %s in %s already; release that first"
                          .formatted(
                              taken.holder().block(), taken.holder().network(), store.location())));
    }
    if (refusals.isEmpty()) {
      refusals.add(
          Diagnostic.error("", "Conflict", store.location() + ": " + refusal + "; import again"));
    }
    return new InvalidConfigurationException(refusals);
  }
}
