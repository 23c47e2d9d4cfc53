package io.dualstack.impl.allocation;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.metrics.MeterNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Allocates for some owners, all or nothing. */
final class AllocateStep extends Step<List<Allocation>> {

  private final List<AllocationRequest> requests;
  private final AllocatorOptions options;
  private final Conflicts conflicts;
  private final List<Allocation> allocations = new ArrayList<>();
  private @Nullable Placement placement;

  AllocateStep(List<AllocationRequest> requests, AllocatorOptions options, Conflicts conflicts) {
    this.requests = requests;
    this.options = options;
    this.conflicts = conflicts;
  }

  @Override
  String meter() {
    return MeterNames.ALLOCATE;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    allocations.clear();
    Placement attempt = new Placement(index.pools(), options, now, conflicts);
    placement = attempt;
    try {
      for (AllocationRequest request : requests) {
        List<AllocatedBlock> blocks = attempt.place(request, index.heldBy(request.owner()), false);
        if (blocks.size() < request.blocks().size()) {
          throw providerChooses(attempt);
        }
        allocations.add(new Allocation(request.owner(), request.incarnation(), blocks));
      }
    } catch (RuntimeException e) {
      attempt.undo();
      throw e;
    }
    return attempt.changes();
  }

  @Override
  void undo() {
    if (placement != null) {
      placement.undo();
    }
  }

  @Override
  List<Allocation> answer(long revision) {
    return List.copyOf(allocations);
  }

  private static InvalidConfigurationException providerChooses(Placement attempt) {
    String network =
        attempt.lines().stream()
            .filter(line -> line.block() == null)
            .findFirst()
            .orElseThrow()
            .network();
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "networks." + network,
                "NetworkPrefixChosenByProvider",
                "network "
                    + network
                    + ": the provider chooses its blocks; attach first and reserve its answer")));
  }
}
