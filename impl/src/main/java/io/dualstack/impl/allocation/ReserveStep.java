package io.dualstack.impl.allocation;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records a block that somebody else chose. */
final class ReserveStep extends Step<AllocatedBlock> {

  private final Owner owner;
  private final String incarnation;
  private final @Nullable String zone;
  private final String network;
  private final IpPrefix block;
  private final AllocationKind kind;
  private final Conflicts conflicts;
  private @Nullable AllocatedBlock answer;
  private @Nullable NetworkPools marked;

  ReserveStep(
      Owner owner,
      String incarnation,
      @Nullable String zone,
      String network,
      IpPrefix block,
      AllocationKind kind,
      Conflicts conflicts) {
    this.owner = owner;
    this.incarnation = incarnation;
    this.zone = zone;
    this.network = network;
    this.block = block;
    this.kind = kind;
    this.conflicts = conflicts;
  }

  @Override
  String meter() {
    return MeterNames.RESERVE;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    marked = null;
    List<AllocatedBlock> theirs = index.heldBy(owner);
    for (AllocatedBlock held : theirs) {
      if (held.state() == BlockState.ACTIVE
          && held.network().equals(network)
          && !held.block().equals(block)) {
        throw conflicts.slotTaken(network, block, held);
      }
    }
    for (AllocatedBlock held : theirs) {
      if (held.block().equals(block)) {
        AllocatedBlock relabelled = held.relabelled(incarnation, network, zone, kind);
        answer = relabelled;
        return relabelled.equals(held) ? List.of() : List.of(new Change.Replace(held, relabelled));
      }
    }
    checkSubnet(index.pools());
    AllocatedBlock reserved =
        AllocatedBlock.active(block, owner, incarnation, network, zone, kind, now);
    conflicts.requireFree(network, block, List.of());
    if (!index.pools().occupy(block)) {
      throw conflicts.held(network, block, List.of(block));
    }
    marked = index.pools();
    answer = reserved;
    return List.of(new Change.Add(reserved));
  }

  private void checkSubnet(NetworkPools pools) {
    List<AddressPool> candidates = pools.of(network);
    if (candidates.isEmpty()
        && pools.networks().find(network).orElse(null) instanceof NetworkDefinition.Vip) {
      return;
    }
    for (AddressPool pool : candidates) {
      if (pool.range.contains(block)) {
        Optional<String> refused = pool.refuses(block);
        if (refused.isPresent()) {
          throw conflicts.forbidden(network, block, refused.get());
        }
        return;
      }
    }
    throw conflicts.forbidden(network, block, "is outside every subnet of the network");
  }

  @Override
  void undo() {
    if (marked != null) {
      marked.release(block);
    }
  }

  @Override
  AllocatedBlock answer(long revision) {
    if (answer == null) {
      throw new IllegalStateException("asked for an answer before it was there");
    }
    return answer;
  }
}
