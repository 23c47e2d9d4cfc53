package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal.DocumentChanged;
import io.dualstack.allocation.spi.Refusal.NotHeld;
import io.dualstack.allocation.spi.Refusal.Overlap;
import io.dualstack.allocation.spi.Refusal.SlotTaken;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What sets of steps do: all or nothing, in their order; and what a list of sets does. */
abstract class StoreSetsContract extends StoreBlocksContract {
  private static final AllocatedBlock ONE = held("2001:db8:0:1::/64", "cf/cell/1");
  private static final AllocatedBlock TWO = held("2001:db8:0:2::/64", "cf/cell/2");
  private static final AllocatedBlock THREE = held("2001:db8:0:3::/64", "cf/cell/3");
  private static final Change REFUSED = remove(held("2001:db8:dead::/64", "nobody"));

  // All or nothing

  @Test
  void a_set_whose_last_step_is_refused_leaves_nothing() {
    committed(add(ONE), add(TWO), put("kept", "as it is"), put("old", "still here"));
    View before = view();

    for (Change last :
        List.of(
            REFUSED,
            replace(THREE.obsolete(), THREE),
            add(held("2001:db8:0:2::1/128", "late")),
            add(held("2001:db8:0:9::/64", "cf/cell/2")),
            new Change.ExpectDocument("kept", "otherwise"))) {
      commit(
          add(THREE),
          replace(ONE, ONE.obsolete()),
          put("new", "text"),
          put("kept", "changed"),
          new Change.RemoveDocument("old"),
          last);

      assertThat(view()).as("%s", last).isEqualTo(before);
    }
    assertThat(store.history(SPACE, THREE.block().first())).isEmpty();
    assertThat(store.history(SPACE, ONE.block().first())).hasSize(1);
    committed(add(THREE), remove(ONE));
  }

  @Test
  void a_removal_is_taken_back_with_the_rest_of_its_set() {
    committed(add(ONE));

    refused(remove(ONE), REFUSED);

    assertThat(blocks()).containsExactly(ONE);
    assertThat(refused(add(held("2001:db8:0:1::/80", "late"))))
        .isEqualTo(new Overlap(prefix("2001:db8:0:1::/80"), ONE));
    assertThat(refused(add(held("2001:db8:0:9::/64", "cf/cell/1"))))
        .isEqualTo(new SlotTaken(prefix("2001:db8:0:9::/64"), ONE));
  }

  @Test
  void a_slot_is_given_back_with_the_rest_of_its_set() {
    refused(add(ONE), REFUSED);

    committed(add(held("2001:db8:0:9::/64", "cf/cell/1")));
  }

  @Test
  void the_first_step_that_can_not_be_done_is_the_reason() {
    committed(add(ONE));

    assertThat(refused(new Change.ExpectDocument("key", "text"), REFUSED, add(ONE)))
        .isEqualTo(new DocumentChanged("key"));
    assertThat(refused(add(TWO), add(ONE), REFUSED)).isEqualTo(new Overlap(ONE.block(), ONE));
    assertThat(refused(put("key", "text"), remove(TWO), add(ONE)))
        .isEqualTo(new NotHeld(TWO, null));
  }

  @Test
  void a_set_may_be_large() {
    IpPrefix pool = prefix("2001:db8::/48");
    Change[] many =
        IntStream.range(0, 30_000)
            .mapToObj(n -> add(held(pool.nth(80, n), "cf/cell/" + n, "default")))
            .toArray(Change[]::new);

    assertThat(committed(many)).isEqualTo(1);

    assertThat(blocks()).hasSize(30_000);
    assertThat(store.changesSince(SPACE, 0)).hasSize(30_000).allMatch(line -> line.revision() == 1);
    assertThat(store.history(SPACE, pool.nth(80, 29_999).last())).hasSize(1);
  }

  // Order

  @Test
  void a_block_removed_by_one_step_is_added_by_a_later_one() {
    committed(add(ONE), add(TWO));

    committed(remove(ONE), add(held("2001:db8:0:1::/65", "cf/cell/1")));
    committed(remove(TWO), add(TWO));

    assertThat(blocks()).containsExactly(held("2001:db8:0:1::/65", "cf/cell/1"), TWO);
  }

  @Test
  void a_block_is_not_free_before_the_step_that_frees_it() {
    committed(add(ONE));

    assertThat(refused(add(held("2001:db8:0:1::/65", "late")), remove(ONE)))
        .isEqualTo(new Overlap(prefix("2001:db8:0:1::/65"), ONE));
    assertThat(refused(add(held("2001:db8:0:9::/64", "cf/cell/1")), remove(ONE)))
        .isEqualTo(new SlotTaken(prefix("2001:db8:0:9::/64"), ONE));
  }

  @Test
  void steps_of_a_set_see_those_before_them() {
    AllocatedBlock inside = held("2001:db8:0:1::/80", "late");
    AllocatedBlock sameSlot = held("2001:db8:0:9::/64", "cf/cell/1");

    assertThat(refused(add(ONE), add(inside))).isEqualTo(new Overlap(inside.block(), ONE));
    assertThat(refused(add(inside), add(ONE))).isEqualTo(new Overlap(ONE.block(), inside));
    assertThat(refused(add(ONE), add(sameSlot))).isEqualTo(new SlotTaken(sameSlot.block(), ONE));
    assertThat(refused(add(ONE), remove(ONE), remove(ONE))).isEqualTo(new NotHeld(ONE, null));

    committed(add(ONE), replace(ONE, ONE.obsolete()), add(sameSlot), remove(ONE.obsolete()));
    committed(put("key", "1"), new Change.ExpectDocument("key", "1"), put("key", "2"));

    assertThat(blocks()).containsExactly(sameSlot);
    assertThat(store.document(SPACE, "key")).contains("2");
  }

  @Test
  void a_block_may_be_replaced_step_by_step() {
    AllocatedBlock second = ONE.relabelled("vm-2", "default", "z1", AllocationKind.DYNAMIC);
    AllocatedBlock third = ONE.relabelled("vm-3", "default", "z1", AllocationKind.DYNAMIC);
    committed(add(ONE));

    committed(replace(ONE, second), replace(second, third), replace(third, third.obsolete()));

    assertThat(blocks()).containsExactly(third.obsolete());
    assertThat(store.history(SPACE, ONE.block().first())).hasSize(4);
  }

  @Test
  void slots_change_hands_within_a_set() {
    AllocatedBlock a = held("2001:db8:0:a::/64", "cf/cell/1", "a");
    AllocatedBlock b = held("2001:db8:0:b::/64", "cf/cell/1", "b");
    committed(add(a), add(b));

    committed(
        replace(a, a.obsolete()),
        replace(b, b.relabelled("vm-1", "a", "z1", AllocationKind.DYNAMIC)),
        replace(a.obsolete(), a.relabelled("vm-1", "b", "z1", AllocationKind.DYNAMIC)));

    assertThat(blocks()).extracting(AllocatedBlock::network).containsExactly("b", "a");
  }

  // Lists of sets

  @Test
  void each_set_of_a_list_sees_those_before_it() {
    AllocatedBlock inside = held("2001:db8:0:1::/80", "late");

    List<CommitResult> results =
        store.commitAll(
            List.of(
                set(add(ONE)),
                set(add(inside)),
                set(remove(ONE)),
                set(add(inside)),
                set(remove(ONE))));

    assertThat(results)
        .containsExactly(
            new Committed(1),
            new Refused(new Overlap(inside.block(), ONE)),
            new Committed(2),
            new Committed(3),
            new Refused(new NotHeld(ONE, null)));
    assertThat(blocks()).containsExactly(inside);
  }

  @Test
  void a_refused_set_leaves_the_others_of_its_list_alone() {
    committed(add(ONE));

    List<CommitResult> results =
        store.commitAll(
            List.of(
                set(add(TWO), put("key", "first")),
                set(put("key", "refused"), add(THREE), add(ONE)),
                set(OTHER_SPACE, add(ONE)),
                set(new Change.ExpectDocument("key", "first"), remove(ONE)),
                set(OTHER_SPACE, add(TWO), REFUSED)));

    assertThat(results)
        .containsExactly(
            new Committed(2),
            new Refused(new Overlap(ONE.block(), ONE)),
            new Committed(3),
            new Committed(4),
            new Refused(new NotHeld(held("2001:db8:dead::/64", "nobody"), null)));
    assertThat(blocks()).containsExactly(TWO);
    assertThat(store.snapshot(OTHER_SPACE).blocks()).containsExactly(ONE);
    assertThat(store.document(SPACE, "key")).contains("first");
  }

  @Test
  void thousands_of_sets_are_one_list() {
    IpPrefix pool = prefix("10.0.0.0/8");
    List<ChangeSet> sets = new ArrayList<>();
    for (int n = 0; n < 5_000; n++) {
      sets.add(set(add(held(pool.nth(32, n), "cf/cell/" + n, "default"))));
    }
    sets.add(2_500, set(REFUSED));

    List<CommitResult> results = new ArrayList<>(store.commitAll(sets));

    assertThat(results.remove(2_500)).isInstanceOf(Refused.class);
    assertThat(results)
        .containsExactlyElementsOf(
            Stream.iterate(1L, n -> n + 1).limit(5_000).map(Committed::new).toList());
    assertThat(blocks()).hasSize(5_000);
  }

  @Test
  void an_empty_list_changes_nothing() {
    assertThat(store.commitAll(List.of())).isEmpty();

    assertThat(store.revision()).isZero();
  }

  // Ahead of the disk

  @Test
  void what_is_committed_ahead_is_judged_and_seen_as_all_else() {
    List<CommitResult> results =
        store.commitAhead(List.of(set(add(ONE)), set(add(ONE)), set(add(TWO))));

    assertThat(results.get(0)).isEqualTo(new Committed(1));
    assertThat(results.get(1)).isInstanceOf(Refused.class);
    assertThat(results.get(2)).isEqualTo(new Committed(2));
    assertThat(store.revision()).isEqualTo(2);
    assertThat(blocks()).containsExactly(ONE, TWO);
    store.awaitDurable(2);
    assertThat(committed(remove(ONE))).isEqualTo(3);
  }

  @Test
  void waiting_for_what_is_durable_changes_nothing() {
    store.awaitDurable(0);
    committed(add(ONE));

    store.awaitDurable(1);
    store.awaitDurable(1);

    assertThat(store.revision()).isEqualTo(1);
    assertThat(store.commitAhead(List.of())).isEmpty();
  }

  // Revisions

  @Test
  void every_committed_set_raises_the_revision_by_one() {
    assertThat(store.revision()).isZero();

    assertThat(committed(add(ONE))).isEqualTo(1);
    refused(add(ONE));
    assertThat(committed(put("key", "text"))).isEqualTo(2);
    assertThat(committed(new Change.RemoveDocument("none"))).isEqualTo(3);
    assertThat(committed(new Change.ExpectDocument("key", "text"))).isEqualTo(4);
    assertThat(committed()).isEqualTo(5);
    assertThat(committed(store.commit(set(OTHER_SPACE, add(ONE))))).isEqualTo(6);
    refused(REFUSED);
    assertThat(committed(remove(ONE))).isEqualTo(7);

    assertThat(store.revision()).isEqualTo(7);
    assertThat(store.snapshot(SPACE).revision()).isEqualTo(7);
    assertThat(store.changesSince(SPACE, 0)).extracting(line -> line.revision()).contains(1L, 7L);
  }
}
