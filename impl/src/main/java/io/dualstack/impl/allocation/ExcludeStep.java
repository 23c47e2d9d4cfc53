package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Excludes addresses that are in use elsewhere. */
final class ExcludeStep extends Step<List<AllocatedBlock>> {

  /** Who holds what is excluded. */
  static final Owner OWNER = new Owner("external");

  private final IpSet addresses;
  private final String reason;
  private final AllocationStore store;
  private final AddressSpace space;
  private final Conflicts conflicts;
  private final List<AllocatedBlock> excluded = new ArrayList<>();
  private @Nullable NetworkPools marked;

  ExcludeStep(
      IpSet addresses,
      String reason,
      AllocationStore store,
      AddressSpace space,
      Conflicts conflicts) {
    this.addresses = addresses;
    this.reason = reason;
    this.store = store;
    this.space = space;
    this.conflicts = conflicts;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    excluded.clear();
    List<Change> changes = new ArrayList<>();
    for (IpPrefix block : newOnes().prefixes()) {
      AllocatedBlock external =
          AllocatedBlock.active(block, OWNER, "", reason, null, AllocationKind.EXTERNAL, now);
      excluded.add(external);
      changes.add(new Change.Add(external));
    }
    marked = index.pools();
    for (int i = 0; i < excluded.size(); i++) {
      IpPrefix block = excluded.get(i).block();
      if (!index.pools().occupy(block)) {
        excluded.subList(0, i).forEach(done -> index.pools().release(done.block()));
        throw conflicts.held(reason, block, List.of(block));
      }
    }
    return changes;
  }

  /** What is not excluded yet; refuses what an owner holds. */
  private IpSet newOnes() {
    List<IpPrefix> already = new ArrayList<>();
    for (IpPrefix block : addresses.prefixes()) {
      for (AllocatedBlock holder : store.overlapping(space, block)) {
        if (holder.kind() != AllocationKind.EXTERNAL) {
          throw conflicts.held(reason, block, holder);
        }
        already.add(holder.block());
      }
    }
    return addresses.subtract(IpSet.ofPrefixes(already));
  }

  @Override
  void undo() {
    if (marked != null) {
      excluded.forEach(block -> marked.release(block.block()));
    }
  }

  @Override
  List<AllocatedBlock> answer(long revision) {
    return List.copyOf(excluded);
  }
}
