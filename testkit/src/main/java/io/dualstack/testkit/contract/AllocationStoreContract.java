package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.contract.StoreWishes.WishedSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What every {@link AllocationStore} must do, whatever it keeps its blocks in. Extend it, say how a
 * store is opened, and turn off what yours doesn't promise.
 *
 * <p>Needs the engines of JUnit Jupiter and of jqwik: examples and races run in the first,
 * properties in the second. A run writes some ten thousand blocks.
 */
public abstract class AllocationStoreContract extends StoreRacesContract {

  /** For subclasses. */
  protected AllocationStoreContract() {}

  /**
   * Opens the store under test.
   *
   * @param folder a folder for its files. A folder never used before stands for an empty store, a
   *     folder used before for the store that was there, as far as {@link #survivesReopen} and
   *     {@link #sharedByProcesses} promise that
   * @return the open store; the suite closes it
   */
  @Override
  protected abstract AllocationStore open(Path folder);

  /**
   * Says whether a store that was closed is as it was when it is opened again.
   *
   * @return true unless overridden
   */
  @Override
  protected boolean survivesReopen() {
    return super.survivesReopen();
  }

  /**
   * Says whether a folder can be open more than once at a time, as by several processes.
   *
   * @return true unless overridden
   */
  @Override
  protected boolean sharedByProcesses() {
    return super.sharedByProcesses();
  }

  /**
   * Compares a store with a model, step by step, on few enough addresses, owners and networks that
   * they meet all the time.
   */
  @Property(tries = 60)
  void does_what_the_model_does(@ForAll("histories") List<List<WishedSet>> lists) {
    Path place = newFolder();
    AllocationStore real = open(place);
    try {
      StoreModel model = new StoreModel();
      for (List<WishedSet> wished : lists) {
        List<ChangeSet> sets = StoreWishes.about(model, wished);
        List<CommitResult> expected = sets.stream().map(model::commit).toList();

        assertThat(real.commitAll(sets)).containsExactlyElementsOf(expected);

        if (survivesReopen() && sets.size() == 3) {
          real.close();
          real = open(place);
        }
        assertSame(real, model);
      }
    } finally {
      real.close();
      delete(place);
    }
  }

  private static void assertSame(AllocationStore real, StoreModel model) {
    assertThat(real.revision()).isEqualTo(model.revision());
    for (AddressSpace space : StoreWishes.SPACES) {
      assertThat(real.snapshot(space).blocks()).containsExactlyElementsOf(model.blocks(space));
      assertThat(real.documents(space, "")).isEqualTo(model.documents(space, ""));
      assertThat(real.changesSince(space, model.revision() / 2))
          .containsExactlyElementsOf(model.changesSince(space, model.revision() / 2));
      for (OwnerScope scope : StoreWishes.SCOPES) {
        assertThat(real.blocksOf(space, scope))
            .containsExactlyElementsOf(model.blocksOf(space, scope));
      }
      for (IpAddress address : StoreWishes.ADDRESSES) {
        assertThat(real.history(space, address))
            .containsExactlyElementsOf(model.history(space, address));
        IpPrefix around = IpPrefix.containing(address, address.family().bits() - 2);
        assertThat(real.overlapping(space, around))
            .containsExactlyElementsOf(model.overlapping(space, around));
      }
    }
  }

  /** The changes since any revision, done to the snapshot of then, give the snapshot of now. */
  @Property(tries = 30)
  void changes_since_a_snapshot_are_what_differs_from_it(
      @ForAll("histories") List<List<WishedSet>> lists) {
    Path place = newFolder();
    try (AllocationStore real = open(place)) {
      Map<Long, List<AllocatedBlock>> snapshots = new TreeMap<>();
      StoreModel model = new StoreModel();
      for (List<WishedSet> wished : lists) {
        snapshots.put(real.snapshot(SPACE).revision(), real.snapshot(SPACE).blocks());
        List<ChangeSet> sets = StoreWishes.about(model, wished);
        sets.forEach(model::commit);
        real.commitAll(sets);
      }
      List<AllocatedBlock> now = real.snapshot(SPACE).blocks();

      snapshots.forEach(
          (revision, then) -> {
            Map<IpPrefix, AllocatedBlock> index = new TreeMap<>();
            then.forEach(held -> index.put(held.block(), held));
            for (HistoryEntry line : real.changesSince(SPACE, revision)) {
              assertThat(line.revision()).isGreaterThan(revision);
              follow(index, line);
            }
            assertThat(index.values()).containsExactlyElementsOf(now);
          });
    } finally {
      delete(place);
    }
  }

  /**
   * Makes what happens to a store.
   *
   * @return lists of lists of sets
   */
  @Provide
  Arbitrary<List<List<WishedSet>>> histories() {
    return StoreWishes.histories();
  }
}
