package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.allocation.spi.Refusal.NotHeld;
import io.dualstack.allocation.spi.Refusal.Overlap;
import io.dualstack.allocation.spi.Refusal.SlotTaken;
import io.dualstack.net.IpFamily;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What single steps about blocks do, and for what they are refused. */
abstract class StoreBlocksContract extends OpenStore {
  private static final Instant LATER = NOON.plusSeconds(3600);

  /** A block, and the same with each of its columns different in turn. */
  private static final AllocatedBlock HELD = held("2001:db8:0:1::/64", "cf/cell/0");

  private static final List<AllocatedBlock> ALMOST_HELD =
      List.of(
          held("2001:db8:0:1::/64", "cf/cell/1"),
          HELD.relabelled("vm-2", "default", "z1", AllocationKind.DYNAMIC),
          HELD.relabelled("vm-1", "other", "z1", AllocationKind.DYNAMIC),
          HELD.relabelled("vm-1", "default", "z2", AllocationKind.DYNAMIC),
          HELD.relabelled("vm-1", "default", null, AllocationKind.DYNAMIC),
          HELD.relabelled("vm-1", "default", "z1", AllocationKind.STATIC),
          HELD.obsolete(),
          HELD.quarantined(LATER),
          AllocatedBlock.active(
              HELD.block(),
              HELD.owner(),
              "vm-1",
              "default",
              "z1",
              AllocationKind.DYNAMIC,
              NOON.plusMillis(1)));

  // Adding

  @Test
  void an_added_block_is_held_as_it_was_given() {
    List<AllocatedBlock> given =
        List.of(
            held("10.0.0.0/31", "cf/router/0"),
            held("255.255.255.255/32", "cf/router/1"),
            AllocatedBlock.active(
                prefix("::/128"),
                new Owner("Größe 名前 \uD83D\uDC1F/'%_\"\\"),
                "",
                "",
                null,
                AllocationKind.STATIC,
                Instant.parse("1969-07-20T20:17:40.001Z")),
            AllocatedBlock.active(
                prefix("2001:db8:4e04:d139:1::/80"),
                new Owner("o".repeat(Owner.MAX_LENGTH)),
                "line\nbreak\ttab",
                "net'; DROP TABLE block; --",
                "",
                AllocationKind.DYNAMIC,
                Instant.parse("9999-12-31T23:59:59.999Z")),
            external("2001:db8:8000::/33", "lab"),
            held("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "cf/router/2"));

    given.forEach(block -> committed(add(block)));

    assertThat(blocks()).containsExactlyElementsOf(given);
  }

  @Test
  void a_whole_family_is_a_block() {
    AllocatedBlock all = held(IpFamily.IPV6.all(), "everything", "default");

    committed(add(all));

    assertThat(refused(add(held("2001:db8::1/128", "one"))))
        .isEqualTo(new Overlap(prefix("2001:db8::1/128"), all));
    committed(add(held(IpFamily.IPV4.all(), "everything", "v4")));
  }

  @Test
  void neighbours_do_not_overlap() {
    for (String block :
        List.of(
            "2001:db8:0:2::/63",
            "2001:db8:0:1::/64",
            "2001:db8:0:4::/128",
            "2001:db8:0:0:ffff:ffff:ffff:ffff/128",
            "10.0.0.4/30",
            "10.0.0.3/32",
            "10.0.0.8/29")) {
      committed(add(held(block, "of " + block)));
    }

    assertThat(blocks()).hasSize(7);
  }

  @Test
  void the_families_do_not_overlap() {
    committed(add(held("10.0.0.0/8", "v4")));

    committed(add(held("::/64", "v6")));

    assertThat(blocks()).hasSize(2);
  }

  @Test
  void spaces_do_not_overlap() {
    committed(add(HELD));

    committed(store.commit(set(OTHER_SPACE, add(HELD))));

    assertThat(store.snapshot(OTHER_SPACE).blocks()).containsExactly(HELD);
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void a_block_that_overlaps_another_is_refused_naming_it() {
    committed(add(HELD));

    for (String wanted :
        List.of(
            "2001:db8:0:1::/64",
            "2001:db8:0:1::/65",
            "2001:db8:0:1:8000::/65",
            "2001:db8:0:1::/128",
            "2001:db8:0:1:8000::/80",
            "2001:db8:0:1:ffff:ffff:ffff:ffff/128",
            "2001:db8::/63",
            "2001:db8::/32",
            "::/0")) {
      assertThat(refused(add(held(wanted, "late"))))
          .as(wanted)
          .isEqualTo(new Overlap(prefix(wanted), HELD));
    }
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void of_several_blocks_in_the_way_the_first_is_named() {
    AllocatedBlock last = held("2001:db8:0:9::/64", "last");
    AllocatedBlock first = held("2001:db8:0:8::1/128", "first");
    committed(add(last), add(first), add(held("2001:db8:0:8:1::/80", "middle")));

    assertThat(refused(add(held("2001:db8:0:8::/62", "late"))))
        .isEqualTo(new Overlap(prefix("2001:db8:0:8::/62"), first));
  }

  @Test
  void a_block_in_whatever_state_is_in_the_way() {
    AllocatedBlock resting = held("2001:db8:0:2::/64", "resting");
    AllocatedBlock used = external("2001:db8:0:3::/64", "lab");
    committed(add(HELD), add(resting), add(used));
    committed(replace(HELD, HELD.obsolete()), replace(resting, resting.quarantined(LATER)));

    assertThat(refused(add(held("2001:db8:0:1::1/128", "a"))))
        .isEqualTo(new Overlap(prefix("2001:db8:0:1::1/128"), HELD.obsolete()));
    assertThat(refused(add(held("2001:db8:0:2::1/128", "b"))))
        .isEqualTo(new Overlap(prefix("2001:db8:0:2::1/128"), resting.quarantined(LATER)));
    assertThat(refused(add(held("2001:db8:0:3::1/128", "c"))))
        .isEqualTo(new Overlap(prefix("2001:db8:0:3::1/128"), used));
  }

  // Slots

  @Test
  void an_owner_has_one_active_block_of_a_network() {
    committed(add(HELD));
    AllocatedBlock second = held("2001:db8:0:2::/64", "cf/cell/0");

    Refusal refusal = refused(add(second));

    assertThat(refusal).isEqualTo(new SlotTaken(second.block(), HELD));
    committed(add(held("2001:db8:0:2::/64", "cf/cell/0", "other")));
    committed(add(held("2001:db8:0:3::/64", "cf/cell/00")));
    committed(store.commit(set(OTHER_SPACE, add(second))));
  }

  @Test
  void overlap_is_the_reason_before_a_taken_slot() {
    committed(add(HELD));

    assertThat(refused(add(HELD))).isEqualTo(new Overlap(HELD.block(), HELD));
  }

  @Test
  void what_is_not_active_takes_no_slot() {
    AllocatedBlock second = held("2001:db8:0:2::/64", "cf/cell/0");
    AllocatedBlock third = held("2001:db8:0:3::/64", "cf/cell/0");
    committed(add(HELD));

    committed(replace(HELD, HELD.obsolete()));
    committed(add(second));
    committed(replace(second, second.quarantined(LATER)));
    committed(add(third));
    committed(remove(third));
    committed(add(held("2001:db8:0:4::/64", "cf/cell/0")));
  }

  @Test
  void external_blocks_take_no_slot_and_need_none() {
    committed(add(external("10.0.0.0/24", "lab")), add(external("10.0.2.0/24", "lab")));
    AllocatedBlock own = held("10.0.3.0/24", "lab", "");

    committed(add(own));

    committed(add(external("10.0.4.0/24", "lab")));
    assertThat(refused(add(held("10.0.5.0/24", "lab", ""))))
        .isEqualTo(new SlotTaken(prefix("10.0.5.0/24"), own));
  }

  @Test
  void a_replacement_may_not_take_a_taken_slot() {
    AllocatedBlock old = held("2001:db8:0:9::/64", "cf/cell/0");
    AllocatedBlock otherNetwork = held("2001:db8:0:8::/64", "cf/cell/0", "other");
    committed(add(old), add(otherNetwork));
    committed(replace(old, old.obsolete()));
    committed(add(HELD));

    assertThat(refused(replace(old.obsolete(), old))).isEqualTo(new SlotTaken(old.block(), HELD));
    AllocatedBlock relabelled =
        otherNetwork.relabelled("vm-1", "default", "z1", AllocationKind.DYNAMIC);
    assertThat(refused(replace(otherNetwork, relabelled)))
        .isEqualTo(new SlotTaken(otherNetwork.block(), HELD));
    committed(
        replace(
            otherNetwork,
            otherNetwork.relabelled("vm-1", "default", "z1", AllocationKind.EXTERNAL)));
  }

  // Replacing and removing

  @Test
  void a_replacement_is_held_in_place_of_what_was() {
    committed(add(HELD));
    AllocatedBlock before = HELD;

    for (AllocatedBlock after : ALMOST_HELD) {
      committed(replace(before, after));

      assertThat(blocks()).containsExactly(after);
      before = after;
    }
  }

  @Test
  void a_replaced_slot_is_free_and_the_new_one_taken() {
    AllocatedBlock moved = HELD.relabelled("vm-1", "other", "z1", AllocationKind.DYNAMIC);
    committed(add(HELD));
    committed(replace(HELD, moved));

    committed(add(held("2001:db8:0:2::/64", "cf/cell/0")));

    assertThat(refused(add(held("2001:db8:0:3::/64", "cf/cell/0", "other"))))
        .isEqualTo(new SlotTaken(prefix("2001:db8:0:3::/64"), moved));
  }

  @Test
  void only_the_record_that_is_held_is_replaced() {
    committed(add(HELD));

    for (AllocatedBlock believed : ALMOST_HELD) {
      assertThat(refused(replace(believed, HELD.obsolete())))
          .as("%s", believed)
          .isEqualTo(new NotHeld(believed, HELD));
    }
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void only_the_record_that_is_held_is_removed() {
    committed(add(HELD));

    for (AllocatedBlock believed : ALMOST_HELD) {
      assertThat(refused(remove(believed)))
          .as("%s", believed)
          .isEqualTo(new NotHeld(believed, HELD));
    }
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void the_end_of_a_rest_is_part_of_the_record() {
    AllocatedBlock resting = HELD.quarantined(LATER);
    AllocatedBlock restingLonger = HELD.quarantined(LATER.plusMillis(1));
    committed(add(HELD));
    committed(replace(HELD, resting));

    assertThat(refused(remove(restingLonger))).isEqualTo(new NotHeld(restingLonger, resting));

    committed(replace(resting, restingLonger));
    committed(remove(restingLonger));
  }

  @Test
  void a_removed_block_is_free() {
    committed(add(HELD));

    committed(remove(HELD));

    assertThat(blocks()).isEmpty();
    assertThat(refused(remove(HELD))).isEqualTo(new NotHeld(HELD, null));
    assertThat(refused(replace(HELD, HELD.obsolete()))).isEqualTo(new NotHeld(HELD, null));
    committed(add(held("2001:db8:0:1::/80", "cf/cell/0")));
  }

  @Test
  void a_block_of_another_length_is_not_the_block() {
    committed(add(HELD));

    for (String other : List.of("2001:db8::/63", "2001:db8:0:1::/65", "2001:db8:0:1::/128")) {
      AllocatedBlock believed = held(other, "cf/cell/0");
      assertThat(refused(remove(believed))).as(other).isEqualTo(new NotHeld(believed, null));
      assertThat(refused(replace(believed, believed.obsolete())))
          .as(other)
          .isEqualTo(new NotHeld(believed, null));
    }
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void a_block_of_another_space_is_not_held() {
    committed(add(HELD));

    Refusal refusal = refused(store.commit(set(OTHER_SPACE, remove(HELD))));

    assertThat(refusal).isEqualTo(new NotHeld(HELD, null));
    assertThat(blocks()).containsExactly(HELD);
  }

  @Test
  void a_state_is_kept_with_its_times() {
    AllocatedBlock resting = HELD.quarantined(LATER);
    committed(add(HELD));
    committed(replace(HELD, resting));

    assertThat(blocks())
        .singleElement()
        .satisfies(
            held -> {
              assertThat(held.state()).isEqualTo(BlockState.QUARANTINED);
              assertThat(held.until()).isEqualTo(LATER);
              assertThat(held.since()).isEqualTo(NOON);
            });
  }
}
