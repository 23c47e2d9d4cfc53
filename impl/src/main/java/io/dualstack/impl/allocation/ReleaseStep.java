package io.dualstack.impl.allocation;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Releases all that an owner, or one life of it, holds. */
final class ReleaseStep extends Step<ReleaseOutcome> {

  private final Owner owner;
  private final @Nullable String incarnation;
  private final AllocatorOptions options;
  private ReleaseOutcome outcome = new ReleaseOutcome.NothingHeld();

  ReleaseStep(Owner owner, @Nullable String incarnation, AllocatorOptions options) {
    this.owner = owner;
    this.incarnation = incarnation;
    this.options = options;
  }

  @Override
  String meter() {
    return MeterNames.RELEASE;
  }

  @Override
  String outcome() {
    if (outcome instanceof ReleaseOutcome.NothingHeld) {
      return "nothing_held";
    }
    return outcome instanceof ReleaseOutcome.Released ? Timing.OK : "another_incarnation";
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    List<AllocatedBlock> held =
        index.heldBy(owner).stream()
            .filter(block -> block.state() != BlockState.QUARANTINED)
            .toList();
    if (held.isEmpty()) {
      outcome = new ReleaseOutcome.NothingHeld();
      return List.of();
    }
    List<Change> changes = new ArrayList<>(held.size());
    for (AllocatedBlock block : held) {
      if (incarnation != null && !incarnation.equals(block.incarnation())) {
        outcome = new ReleaseOutcome.HeldByAnotherIncarnation(block);
        return List.of();
      }
      changes.add(Releases.of(block, options, now));
    }
    outcome = new ReleaseOutcome.Released(held);
    return changes;
  }

  @Override
  ReleaseOutcome answer(long revision) {
    return outcome;
  }
}
