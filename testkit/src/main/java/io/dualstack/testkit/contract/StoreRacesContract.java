package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal.DocumentChanged;
import io.dualstack.allocation.spi.Refusal.NotHeld;
import io.dualstack.allocation.spi.Refusal.Overlap;
import io.dualstack.allocation.spi.Refusal.SlotTaken;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What holds when several write at once: threads of one store, and several stores of one place. */
abstract class StoreRacesContract extends StoreReadingContract {
  private static final int WRITERS = 8;
  private static final int ROUNDS = 25;
  private static final IpPrefix POOL = prefix("2001:db8::/32");

  /** Blocks that all hold one address, and some that share only a part with others. */
  private static final int[] LENGTHS = {64, 128, 80, 65, 96, 127, 72, 112};

  // One store, many threads

  @Test
  void of_racing_blocks_around_one_address_exactly_one_wins() {
    raceForOneAddress(writer -> store);
  }

  @Test
  void of_racing_blocks_of_mixed_lengths_none_overlap() {
    raceForOverlappingBlocks(writer -> store);
  }

  @Test
  void of_racing_blocks_for_one_slot_exactly_one_wins() {
    raceForSlots(writer -> store);
  }

  @Test
  void of_racing_removals_exactly_one_wins() {
    raceForRemoval(writer -> store);
  }

  @Test
  void of_racing_lives_of_an_owner_exactly_one_takes_over() {
    raceForTakeOver(writer -> store);
  }

  @Test
  void no_increment_of_a_document_is_lost() {
    raceForDocument(writer -> store);
  }

  @Test
  void revisions_of_racing_sets_are_all_different_and_without_gap() {
    raceForRevisions(writer -> store);
  }

  @Test
  void a_set_is_never_seen_half() {
    raceReadersAgainstSetsOfThree(writer -> store);
  }

  @Test
  void what_is_acknowledged_is_seen_at_once() {
    raceToReadOwnWrites(writer -> store);
  }

  @Test
  void changes_lead_from_one_snapshot_to_the_next() {
    raceFollowersAgainstWriters(writer -> store);
  }

  // Several stores of one place, as in several processes

  @Test
  void stores_of_one_place_exclude_each_other_from_an_address() {
    share(this::raceForOneAddress);
  }

  @Test
  void stores_of_one_place_never_overlap() {
    share(this::raceForOverlappingBlocks);
  }

  @Test
  void stores_of_one_place_share_slots() {
    share(this::raceForSlots);
  }

  @Test
  void stores_of_one_place_remove_once() {
    share(this::raceForRemoval);
  }

  @Test
  void stores_of_one_place_take_over_once() {
    share(this::raceForTakeOver);
  }

  @Test
  void stores_of_one_place_lose_no_increment_of_a_document() {
    share(this::raceForDocument);
  }

  @Test
  void stores_of_one_place_count_revisions_together() {
    share(this::raceForRevisions);
  }

  @Test
  void stores_of_one_place_never_see_a_set_half() {
    share(this::raceReadersAgainstSetsOfThree);
  }

  @Test
  void stores_of_one_place_see_what_others_had_acknowledged() {
    share(this::raceToReadOwnWrites);
  }

  @Test
  void stores_of_one_place_follow_each_other() {
    share(this::raceFollowersAgainstWriters);
  }

  private void share(Consumer<IntFunction<AllocationStore>> race) {
    assumeTrue(sharedByProcesses(), "belongs to one process");
    try (AllocationStore second = open(folder);
        AllocationStore third = open(folder)) {
      List<AllocationStore> stores = List.of(store, second, third);
      race.accept(writer -> stores.get(writer % stores.size()));
    }
  }

  // Races

  private void raceForOneAddress(IntFunction<AllocationStore> storeOf) {
    for (int round = 0; round < ROUNDS; round++) {
      IpAddress contested = POOL.nth(64, round).last();
      String owner = "round-" + round + "/writer-";

      List<CommitResult> results =
          Race.run(
              WRITERS,
              writer ->
                  () ->
                      storeOf
                          .apply(writer)
                          .commit(
                              set(
                                  add(
                                      held(
                                          IpPrefix.containing(contested, LENGTHS[writer]),
                                          owner + writer,
                                          "default")))));

      List<AllocatedBlock> holders = store.overlapping(SPACE, contested.toPrefix());
      assertThat(holders).hasSize(1);
      assertThat(results).filteredOn(Committed.class::isInstance).hasSize(1);
      assertThat(results)
          .filteredOn(Refused.class::isInstance)
          .extracting(result -> ((Overlap) ((Refused) result).refusal()).holder())
          .containsOnly(holders.get(0));
      assertThat(store.history(SPACE, contested)).hasSize(1);
    }
  }

  private void raceForOverlappingBlocks(IntFunction<AllocationStore> storeOf) {
    IpPrefix contested = prefix("2001:db8::/120");

    List<List<AllocatedBlock>> won =
        Race.run(
            WRITERS,
            writer ->
                () -> {
                  List<AllocatedBlock> own = new ArrayList<>();
                  for (int n = 0; n < 2 * ROUNDS; n++) {
                    int length = 121 + (n + writer) % 8;
                    long index = (n * 31L + writer * 17L) % (1L << (length - 120));
                    AllocatedBlock wanted =
                        held(contested.nth(length, index), writer + "/" + n, "default");
                    if (storeOf.apply(writer).commit(set(add(wanted))) instanceof Committed) {
                      own.add(wanted);
                    }
                  }
                  return own;
                });

    List<AllocatedBlock> all = won.stream().flatMap(List::stream).sorted().toList();
    assertDisjoint(all);
    assertThat(blocks()).containsExactlyElementsOf(all);
    assertThat(store.changesSince(SPACE, 0)).hasSameSizeAs(all);
  }

  private void raceForSlots(IntFunction<AllocationStore> storeOf) {
    for (int round = 0; round < ROUNDS; round++) {
      String owner = "cf/cell/" + round;
      int base = round * WRITERS;

      List<CommitResult> results =
          Race.run(
              WRITERS,
              writer ->
                  () ->
                      storeOf
                          .apply(writer)
                          .commit(set(add(held(POOL.nth(80, base + writer), owner, "default")))));

      List<AllocatedBlock> owned = store.blocksOf(SPACE, OwnerScope.below(owner));
      assertThat(owned).hasSize(1);
      assertThat(results).filteredOn(Committed.class::isInstance).hasSize(1);
      assertThat(results)
          .filteredOn(Refused.class::isInstance)
          .extracting(result -> ((SlotTaken) ((Refused) result).refusal()).holder())
          .containsOnly(owned.get(0));
    }
  }

  private void raceForRemoval(IntFunction<AllocationStore> storeOf) {
    for (int round = 0; round < ROUNDS; round++) {
      AllocatedBlock held = held(POOL.nth(80, round), "cf/cell/" + round, "default");
      committed(add(held));

      List<CommitResult> results =
          Race.run(WRITERS, writer -> () -> storeOf.apply(writer).commit(set(remove(held))));

      assertThat(results).filteredOn(Committed.class::isInstance).hasSize(1);
      assertThat(results)
          .filteredOn(Refused.class::isInstance)
          .containsOnly(new Refused(new NotHeld(held, null)));
      assertThat(store.history(SPACE, held.block().first())).hasSize(2);
    }
    assertThat(blocks()).isEmpty();
  }

  private void raceForTakeOver(IntFunction<AllocationStore> storeOf) {
    AllocatedBlock holder = held("2001:db8::/80", "cf/cell/0");
    committed(add(holder));
    for (int round = 0; round < ROUNDS; round++) {
      AllocatedBlock before = holder;
      String life = "vm-" + round + "-";

      List<CommitResult> results =
          Race.run(
              WRITERS,
              writer ->
                  () ->
                      storeOf
                          .apply(writer)
                          .commit(
                              set(
                                  replace(
                                      before,
                                      before.relabelled(
                                          life + writer,
                                          "default",
                                          "z1",
                                          AllocationKind.DYNAMIC)))));

      holder = blocks().get(0);
      assertThat(results).filteredOn(Committed.class::isInstance).hasSize(1);
      assertThat(results.get(Integer.parseInt(holder.incarnation().substring(life.length()))))
          .isInstanceOf(Committed.class);
      assertThat(results)
          .filteredOn(Refused.class::isInstance)
          .containsOnly(new Refused(new NotHeld(before, holder)));
    }
  }

  private void raceForDocument(IntFunction<AllocationStore> storeOf) {
    committed(put("counter", "0"));

    Race.run(
        WRITERS,
        writer ->
            () -> {
              AllocationStore own = storeOf.apply(writer);
              int done = 0;
              while (done < ROUNDS) {
                String text = own.document(SPACE, "counter").orElseThrow();
                CommitResult result =
                    own.commit(
                        set(
                            new Change.ExpectDocument("counter", text),
                            put("counter", String.valueOf(Integer.parseInt(text) + 1))));
                if (result instanceof Committed) {
                  done++;
                } else {
                  assertThat(result).isEqualTo(new Refused(new DocumentChanged("counter")));
                }
              }
              return done;
            });

    assertThat(store.document(SPACE, "counter")).contains(String.valueOf(WRITERS * ROUNDS));
    assertThat(store.revision()).isEqualTo(1L + WRITERS * ROUNDS);
  }

  private void raceForRevisions(IntFunction<AllocationStore> storeOf) {
    List<List<Long>> revisions =
        Race.run(
            WRITERS,
            writer ->
                () -> {
                  List<Long> own = new ArrayList<>();
                  for (int n = 0; n < ROUNDS; n++) {
                    IpPrefix block = POOL.nth(80, (long) writer * ROUNDS + n);
                    String owner = "cf/" + writer + "/" + n;
                    own.add(
                        committed(
                            storeOf.apply(writer).commit(set(add(held(block, owner, "default"))))));
                  }
                  return own;
                });

    revisions.forEach(own -> assertThat(own).isSorted().doesNotHaveDuplicates());
    assertThat(revisions.stream().flatMap(List::stream).sorted())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, (long) WRITERS * ROUNDS).boxed().toList());
    assertThat(store.changesSince(SPACE, 0))
        .extracting(HistoryEntry::revision)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, (long) WRITERS * ROUNDS).boxed().toList());
  }

  private void raceReadersAgainstSetsOfThree(IntFunction<AllocationStore> storeOf) {
    AtomicInteger writing = new AtomicInteger(WRITERS / 2);

    Race.run(
        WRITERS,
        runner ->
            runner % 2 == 0
                ? threes(storeOf.apply(runner), runner, writing)
                : () -> {
                  AllocationStore own = storeOf.apply(runner);
                  long seen = 0;
                  int looks = 0;
                  while (writing.get() > 0 || looks == 0) {
                    StoreSnapshot snapshot = own.snapshot(SPACE);
                    assertThat(snapshot.revision()).isGreaterThanOrEqualTo(seen);
                    assertThat(snapshot.blocks()).hasSize((int) (3 * snapshot.revision()));
                    seen = snapshot.revision();
                    looks++;
                  }
                  return looks;
                });

    assertThat(blocks()).hasSize(3 * WRITERS / 2 * ROUNDS);
  }

  private static Callable<Integer> threes(AllocationStore own, int writer, AtomicInteger writing) {
    return () -> {
      try {
        for (int n = 0; n < ROUNDS; n++) {
          String owner = "cf/" + writer + "/" + n;
          long index = (long) writer * ROUNDS + n;
          committed(
              own.commit(
                  set(
                      add(held(prefix("10.0.0.0/8").nth(32, index), owner, "v4")),
                      add(held(prefix("2001:db8:1::/64").nth(128, index), owner, "v6")),
                      add(held(prefix("2001:db8:2::/48").nth(80, index), owner, "prefix")))));
        }
        return ROUNDS;
      } finally {
        writing.decrementAndGet();
      }
    };
  }

  private void raceToReadOwnWrites(IntFunction<AllocationStore> storeOf) {
    Race.run(
        WRITERS,
        writer ->
            () -> {
              for (int n = 0; n < ROUNDS; n++) {
                IpPrefix block = POOL.nth(80, (long) writer * ROUNDS + n);
                AllocatedBlock held = held(block, "cf/" + writer, "net-" + n);
                long revision = committed(storeOf.apply(writer).commit(set(add(held))));

                AllocationStore other = storeOf.apply(writer + 1);
                assertThat(other.revision()).isGreaterThanOrEqualTo(revision);
                assertThat(other.overlapping(SPACE, block)).containsExactly(held);
                assertThat(other.history(SPACE, block.first())).hasSize(1);
                assertThat(other.changesSince(SPACE, revision - 1).get(0).block()).isEqualTo(held);
              }
              return ROUNDS;
            });
  }

  private void raceFollowersAgainstWriters(IntFunction<AllocationStore> storeOf) {
    AtomicInteger writing = new AtomicInteger(WRITERS / 2);

    Race.run(
        WRITERS,
        runner ->
            runner % 2 == 0
                ? threes(storeOf.apply(runner), runner, writing)
                : () -> {
                  AllocationStore own = storeOf.apply(runner);
                  StoreSnapshot first = own.snapshot(SPACE);
                  Map<IpPrefix, AllocatedBlock> index = new TreeMap<>();
                  first.blocks().forEach(held -> index.put(held.block(), held));
                  Set<Long> revisions = new HashSet<>();
                  long known = first.revision();
                  boolean last = false;
                  while (!last) {
                    last = writing.get() == 0;
                    for (HistoryEntry line : own.changesSince(SPACE, known)) {
                      assertThat(line.revision()).isGreaterThanOrEqualTo(known);
                      known = line.revision();
                      revisions.add(known);
                      follow(index, line);
                    }
                  }
                  assertThat(revisions).hasSize((int) (known - first.revision()));
                  StoreSnapshot end = own.snapshot(SPACE);
                  assertThat(end.revision()).isEqualTo(known);
                  assertThat(end.blocks()).containsExactlyElementsOf(index.values());
                  return revisions.size();
                });
  }

  /** Does to an index what a line of the audit trail says. */
  static void follow(Map<IpPrefix, AllocatedBlock> index, HistoryEntry line) {
    if (line.event() == Event.FREED) {
      assertThat(index.remove(line.block().block())).isEqualTo(line.block());
    } else {
      index.put(line.block().block(), line.block());
    }
  }
}
