package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ends exclusions. */
final class IncludeStep extends Step<List<AllocatedBlock>> {

  private final IpSet addresses;
  private final AllocationStore store;
  private final AddressSpace space;
  private final List<AllocatedBlock> included = new ArrayList<>();

  IncludeStep(IpSet addresses, AllocationStore store, AddressSpace space) {
    this.addresses = addresses;
    this.store = store;
    this.space = space;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    included.clear();
    for (IpPrefix block : addresses.prefixes()) {
      for (AllocatedBlock holder : store.overlapping(space, block)) {
        if (holder.kind() == AllocationKind.EXTERNAL
            && addresses.contains(holder.block())
            && !included.contains(holder)) {
          included.add(holder);
        }
      }
    }
    List<Change> changes = new ArrayList<>(included.size());
    included.forEach(block -> changes.add(new Change.Remove(block)));
    return changes;
  }

  @Override
  List<AllocatedBlock> answer(long revision) {
    return List.copyOf(included);
  }
}
