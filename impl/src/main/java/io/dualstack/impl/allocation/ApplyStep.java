package io.dualstack.impl.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.metrics.MeterNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a scope as it is desired, in one commit; or only says what that would change. */
final class ApplyStep extends Step<AllocationPlan> {

  private final DesiredState desired;
  private final boolean dryRun;
  private final AllocatorOptions options;
  private final AllocationStore store;
  private final AddressSpace space;
  private final Conflicts conflicts;
  private final String networksText;
  private List<PlannedBlock> lines = List.of();
  private boolean redefines;
  private @Nullable Placement placement;
  private @Nullable NetworkPools pools;

  ApplyStep(
      DesiredState desired,
      boolean dryRun,
      AllocatorOptions options,
      AllocationStore store,
      AddressSpace space,
      Conflicts conflicts) {
    this.desired = desired;
    this.dryRun = dryRun;
    this.options = options;
    this.store = store;
    this.space = space;
    this.conflicts = conflicts;
    this.networksText = NetworkSetCodec.format(desired.networks());
  }

  @Override
  String meter() {
    return dryRun ? "" : MeterNames.APPLY;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    NetworkPools onto = index.poolsFor(desired.networks());
    Placement attempt = new Placement(onto, options, now, conflicts);
    placement = attempt;
    pools = onto;
    List<Change> changes;
    try {
      place(attempt);
      lines = List.copyOf(attempt.lines());
      changes = new ArrayList<>(attempt.changes());
    } catch (RuntimeException e) {
      attempt.undo();
      throw e;
    }
    redefines = !networksText.equals(index.networksText());
    if (redefines) {
      changes.add(new Change.PutDocument(SpaceIndex.NETWORKS, networksText));
    }
    if (dryRun) {
      attempt.undo();
      return List.of();
    }
    return changes;
  }

  private void place(Placement attempt) {
    Map<Owner, List<AllocatedBlock>> held = new LinkedHashMap<>();
    for (AllocatedBlock block : store.blocksOf(space, desired.scope())) {
      if (block.kind() != AllocationKind.EXTERNAL) {
        held.computeIfAbsent(block.owner(), owner -> new ArrayList<>(4)).add(block);
      }
    }
    for (AllocationRequest request : desired.requests()) {
      List<AllocatedBlock> blocks = held.remove(request.owner());
      attempt.place(request, blocks == null ? List.of() : blocks, true);
    }
    held.values().forEach(attempt::giveUpAll);
  }

  @Override
  void undo() {
    if (placement != null) {
      placement.undo();
    }
  }

  @Override
  boolean redefines() {
    return redefines;
  }

  @Override
  boolean redefine(SpaceIndex index) {
    index.redefine(requireNonNull(pools), networksText);
    return true;
  }

  @Override
  AllocationPlan answer(long revision) {
    return new AllocationPlan(revision, lines);
  }
}
