package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.impl.allocation.pool.OwnerIndex;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store holds of one space, in a form to search: free space by network, and which owners
 * hold anything. Owners and their labels stay in the store. Only the leader of a batch touches it.
 */
final class SpaceIndex {

  /** The document that holds the networks. */
  static final String NETWORKS = "networks";

  private static final Logger LOG = LoggerFactory.getLogger(SpaceIndex.class);

  /** Above this many lines to catch up with, reading everything anew is cheaper. */
  private static final int RELOAD_ABOVE = 100_000;

  private final AllocationStore store;
  private final AddressSpace space;

  /** Resting blocks, those first whose rest ends first. */
  private final NavigableSet<AllocatedBlock> resting =
      new TreeSet<>(Comparator.comparing(SpaceIndex::endOfRest).thenComparing(b -> b));

  /** Obsolete and resting blocks; all others are active. */
  private final Map<IpPrefix, AllocatedBlock> notActive = new HashMap<>();

  private NetworkPools pools = new NetworkPools(NetworkSet.empty());
  private OwnerIndex owners = new OwnerIndex();
  private @Nullable String networksText;
  private long revision = -1;

  SpaceIndex(AllocationStore store, AddressSpace space) {
    this.store = store;
    this.space = space;
  }

  NetworkPools pools() {
    return pools;
  }

  long revision() {
    return revision;
  }

  @Nullable String networksText() {
    return networksText;
  }

  /** Follows what other processes committed since. Cheap if nothing was. */
  void catchUp() {
    long current = store.revision();
    if (current == revision) {
      return;
    }
    if (revision < 0 || current - revision > RELOAD_ABOVE || networksChanged()) {
      reload();
      return;
    }
    List<HistoryEntry> lines = store.changesSince(space, revision);
    if (!follow(lines)) {
      reload();
      return;
    }
    revision =
        lines.isEmpty() ? current : Math.max(current, lines.get(lines.size() - 1).revision());
  }

  /** Reads everything anew. */
  void reload() {
    String text = store.document(space, NETWORKS).orElse(null);
    NetworkSet networks = text == null ? NetworkSet.empty() : NetworkSetCodec.parse(text);
    StoreSnapshot snapshot = store.snapshot(space);
    pools = new NetworkPools(networks);
    owners = new OwnerIndex();
    resting.clear();
    notActive.clear();
    for (AllocatedBlock block : snapshot.blocks()) {
      add(block, true);
    }
    networksText = text;
    revision = snapshot.revision();
    LOG.atDebug()
        .addKeyValue("space", space)
        .addKeyValue("blocks", snapshot.blocks().size())
        .addKeyValue("revision", revision)
        .log("index built");
  }

  /** Pools of other networks over the same blocks, for a plan that redefines them. */
  NetworkPools poolsFor(NetworkSet networks) {
    if (networks.equals(pools.networks())) {
      return pools;
    }
    NetworkPools other = new NetworkPools(networks);
    for (AllocatedBlock block : store.snapshot(space).blocks()) {
      other.occupy(block.block());
      other.forEachTouching(block.block(), pool -> pool.count(block.state(), 1));
    }
    return other;
  }

  /** Takes over {@link #poolsFor} other networks, in which the same blocks are marked. */
  void redefine(NetworkPools other, String text) {
    pools = other;
    networksText = text;
  }

  /** The obsolete blocks of a scope. */
  List<AllocatedBlock> obsolete(OwnerScope scope) {
    return notActive.values().stream()
        .filter(block -> block.state() == BlockState.OBSOLETE && scope.contains(block.owner()))
        .sorted()
        .toList();
  }

  /** What an owner holds, rests included. Asks the store only if there may be something. */
  List<AllocatedBlock> heldBy(Owner owner) {
    if (!owners.contains(OwnerIndex.hash(owner.id()))) {
      return List.of();
    }
    return store.blocksOf(space, OwnerScope.below(owner.id())).stream()
        .filter(block -> block.owner().equals(owner))
        .filter(block -> block.kind() != AllocationKind.EXTERNAL)
        .toList();
  }

  /** The blocks whose rest has ended. */
  List<AllocatedBlock> rested(Instant now) {
    return resting.stream().takeWhile(block -> !endOfRest(block).isAfter(now)).toList();
  }

  /**
   * Takes over what this process has just committed.
   *
   * @param committed the steps
   * @param last the revision they became; must be the next one
   */
  void committed(List<Change> committed, long last) {
    for (Change change : committed) {
      if (change instanceof Change.Add added) {
        add(added.block(), false);
      } else if (change instanceof Change.Replace replaced) {
        replace(replaced.after());
      } else if (change instanceof Change.Remove removed) {
        remove(removed.block());
      }
    }
    if (last == revision + 1) {
      revision = last;
    }
  }

  private boolean networksChanged() {
    String text = store.document(space, NETWORKS).orElse(null);
    return text == null ? networksText != null : !text.equals(networksText);
  }

  /** Repeats foreign lines in their order. False if the index doesn't fit them. */
  private boolean follow(List<HistoryEntry> lines) {
    for (HistoryEntry line : lines) {
      switch (line.event()) {
        case ALLOCATED -> {
          AllocatedBlock before = notActive.get(line.block().block());
          if (before != null && before.owner().equals(line.block().owner())) {
            replace(line.block());
          } else if (!add(line.block(), true)) {
            return false;
          }
        }
        case RELABELLED, RETIRED, QUARANTINED -> replace(line.block());
        case FREED -> remove(line.block());
      }
    }
    return true;
  }

  private boolean add(AllocatedBlock block, boolean occupy) {
    if (occupy && !pools.occupy(block.block())) {
      LOG.atWarn()
          .addKeyValue("block", block.block())
          .addKeyValue("owner", block.owner())
          .log("index out of step with the store; reading it anew");
      return false;
    }
    owners.add(OwnerIndex.hash(block.owner().id()));
    pools.forEachTouching(block.block(), pool -> pool.count(block.state(), 1));
    remember(block);
    return true;
  }

  private void replace(AllocatedBlock after) {
    BlockState before = forget(after.block());
    pools.forEachTouching(
        after.block(),
        pool -> {
          pool.count(before, -1);
          pool.count(after.state(), 1);
        });
    remember(after);
  }

  private void remove(AllocatedBlock block) {
    BlockState before = forget(block.block());
    pools.release(block.block());
    owners.remove(OwnerIndex.hash(block.owner().id()));
    pools.forEachTouching(block.block(), pool -> pool.count(before, -1));
  }

  private void remember(AllocatedBlock block) {
    if (block.state() != BlockState.ACTIVE) {
      notActive.put(block.block(), block);
    }
    if (block.state() == BlockState.QUARANTINED) {
      resting.add(block);
    }
  }

  /** Returns the state that a block was known in. */
  private BlockState forget(IpPrefix block) {
    AllocatedBlock known = notActive.remove(block);
    if (known == null) {
      return BlockState.ACTIVE;
    }
    if (known.state() == BlockState.QUARANTINED) {
      resting.remove(known);
    }
    return known.state();
  }

  private static Instant endOfRest(AllocatedBlock block) {
    Instant until = block.until();
    return until == null ? Instant.MAX : until;
  }
}
