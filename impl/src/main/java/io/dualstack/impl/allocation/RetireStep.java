package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Marks as obsolete all that a scope's owners hold. */
final class RetireStep extends Step<List<AllocatedBlock>> {

  private final OwnerScope scope;
  private final AllocationStore store;
  private final AddressSpace space;
  private final List<AllocatedBlock> retired = new ArrayList<>();

  RetireStep(OwnerScope scope, AllocationStore store, AddressSpace space) {
    this.scope = scope;
    this.store = store;
    this.space = space;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    retired.clear();
    List<Change> changes = new ArrayList<>();
    for (AllocatedBlock block : store.blocksOf(space, scope)) {
      if (block.kind() == AllocationKind.EXTERNAL || block.state() == BlockState.QUARANTINED) {
        continue;
      }
      AllocatedBlock obsolete = block.obsolete();
      retired.add(obsolete);
      if (!obsolete.equals(block)) {
        changes.add(new Change.Replace(block, obsolete));
      }
    }
    return changes;
  }

  @Override
  List<AllocatedBlock> answer(long revision) {
    return List.copyOf(retired);
  }
}
