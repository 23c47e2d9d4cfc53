package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.LeakReport;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for blocks of missing owners. When an owner's life was first missed stands in a document of
 * the owner; the document goes when the owner is seen, holds nothing, or lives anew.
 */
final class LeakStep extends Step<LeakReport> {

  private static final String MISSED = "missed/";

  private final OwnerScope scope;
  private final Set<Owner> living;
  private final Duration grace;
  private final AllocationStore store;
  private final AddressSpace space;
  private final List<AllocatedBlock> suspects = new ArrayList<>();
  private final List<AllocatedBlock> leaked = new ArrayList<>();

  LeakStep(
      OwnerScope scope,
      Set<Owner> living,
      Duration grace,
      AllocationStore store,
      AddressSpace space) {
    this.scope = scope;
    this.living = living;
    this.grace = grace;
    this.store = store;
    this.space = space;
  }

  @Override
  List<Change> prepare(SpaceIndex index, Instant now) {
    suspects.clear();
    leaked.clear();
    Map<String, String> known = new HashMap<>(store.documents(space, MISSED + scope.path()));
    Map<String, String> noted = new HashMap<>();
    List<Change> changes = new ArrayList<>();
    for (AllocatedBlock block : store.blocksOf(space, scope)) {
      if (block.kind() == AllocationKind.EXTERNAL
          || block.state() == BlockState.QUARANTINED
          || living.contains(block.owner())) {
        continue;
      }
      // One note per life of an owner: an owner that came back and vanished again starts anew.
      String key = MISSED + block.owner().id() + "#" + block.incarnation();
      String since = noted.get(key);
      if (since == null) {
        since = known.remove(key);
        if (since == null) {
          since = now.toString();
          changes.add(new Change.PutDocument(key, since));
        }
        noted.put(key, since);
      }
      boolean overdue = !Instant.parse(since).plus(grace).isAfter(now);
      boolean seenBefore = Instant.parse(since).isBefore(now);
      (overdue && seenBefore ? leaked : suspects).add(block);
    }
    known.keySet().stream()
        .filter(key -> scope.contains(ownerOf(key)))
        .forEach(key -> changes.add(new Change.RemoveDocument(key)));
    return changes;
  }

  private static Owner ownerOf(String key) {
    return new Owner(key.substring(MISSED.length(), key.lastIndexOf('#')));
  }

  @Override
  LeakReport answer(long revision) {
    return new LeakReport(suspects, leaked);
  }
}
