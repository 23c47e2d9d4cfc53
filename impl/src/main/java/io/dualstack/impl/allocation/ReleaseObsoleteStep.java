package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Releases obsolete blocks that are detached by now. */
final class ReleaseObsoleteStep extends Step<List<AllocatedBlock>> {

  private final List<AllocatedBlock> blocks;
  private final AllocatorOptions options;
  private final AllocationStore store;
  private final AddressSpace space;
  private List<AllocatedBlock> released = List.of();

  ReleaseObsoleteStep(
      List<AllocatedBlock> blocks,
      AllocatorOptions options,
      AllocationStore store,
      AddressSpace space) {
    this.blocks = blocks;
    this.options = options;
    this.store = store;
    this.space = space;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    released =
        blocks.stream()
            .filter(block -> block.state() == BlockState.OBSOLETE)
            .filter(block -> store.overlapping(space, block.block()).contains(block))
            .toList();
    List<Change> changes = new ArrayList<>(released.size());
    released.forEach(block -> changes.add(Releases.of(block, options, now)));
    return changes;
  }

  @Override
  List<AllocatedBlock> answer(long revision) {
    return released;
  }
}
