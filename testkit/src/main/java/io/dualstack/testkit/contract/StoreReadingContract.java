package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.Refusal.DocumentChanged;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a store answers: blocks, audit trail, documents; and what it answers no more. */
abstract class StoreReadingContract extends StoreSetsContract {
  private static final Instant LATER = NOON.plusSeconds(60);

  @Test
  void a_new_store_is_empty() {
    IpAddress address = IpAddress.parse("2001:db8::1");

    assertThat(store.revision()).isZero();
    assertThat(view()).isEqualTo(new View(0, List.of(), List.of(), Map.of()));
    assertThat(store.blocksOf(SPACE, OwnerScope.ALL)).isEmpty();
    assertThat(store.overlapping(SPACE, IpFamily.IPV6.all())).isEmpty();
    assertThat(store.history(SPACE, address)).isEmpty();
    assertThat(store.document(SPACE, "key")).isEmpty();
  }

  @Test
  void says_where_it_is() {
    assertThat(store.location()).matches("[a-z][a-z0-9+.-]*:.*");
  }

  // Blocks

  @Test
  void blocks_come_in_address_order() {
    List<AllocatedBlock> inOrder =
        List.of(
            held("9.255.255.255/32", "f"),
            held("10.0.0.0/8", "e"),
            held("128.0.0.0/1", "d"),
            held("::a00:0/128", "c"),
            held("2001:db8::/48", "b"),
            held("2001:db8:1::/128", "a"),
            held("8000::/1", "0"));
    committed(
        inOrder.stream()
            .sorted((one, other) -> other.compareTo(one))
            .map(OpenStore::add)
            .toArray(Change[]::new));

    assertThat(blocks()).containsExactlyElementsOf(inOrder);
    assertThat(store.blocksOf(SPACE, OwnerScope.ALL)).containsExactlyElementsOf(inOrder);
    assertThat(store.overlapping(SPACE, IpFamily.IPV4.all()))
        .containsExactlyElementsOf(inOrder.subList(0, 3));
    assertThat(store.overlapping(SPACE, IpFamily.IPV6.all()))
        .containsExactlyElementsOf(inOrder.subList(3, 7));
  }

  @Test
  void a_snapshot_does_not_change() {
    committed(add(held("10.0.0.1/32", "a")));
    StoreSnapshot snapshot = store.snapshot(SPACE);

    committed(add(held("10.0.0.2/32", "b")));

    assertThat(snapshot.revision()).isEqualTo(1);
    assertThat(snapshot.blocks()).hasSize(1);
  }

  @Test
  void answers_can_not_be_modified() {
    AllocatedBlock held = held("10.0.0.1/32", "cf/cell/0");
    committed(add(held), put("key", "text"));

    assertUnmodifiable(store.blocksOf(SPACE, OwnerScope.ALL)::clear);
    assertUnmodifiable(store.blocksOf(SPACE, OwnerScope.below("cf"))::clear);
    assertUnmodifiable(store.overlapping(SPACE, held.block())::clear);
    assertUnmodifiable(store.history(SPACE, held.block().first())::clear);
    assertUnmodifiable(store.changesSince(SPACE, 0)::clear);
    assertUnmodifiable(store.spaces()::clear);
    assertUnmodifiable(store.documents(SPACE, "")::clear);
  }

  private static void assertUnmodifiable(ThrowingCallable change) {
    assertThatThrownBy(change).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void a_scope_holds_a_path_and_what_is_below_it() {
    List<String> inside = List.of("cf", "cf/", "cf/cell/0", "cf/cell/1", "cf/\uD83D\uDC1F");
    List<String> outside =
        List.of("c", "cf-dev/cell/0", "cf.d", "cf0", "cf\u00e9", "CF/cell/0", "df");
    committed(
        IntStream.range(0, inside.size())
            .mapToObj(n -> add(held("10.0.0." + n + "/32", inside.get(n))))
            .toArray(Change[]::new));
    committed(
        IntStream.range(0, outside.size())
            .mapToObj(n -> add(held("10.0.1." + n + "/32", outside.get(n))))
            .toArray(Change[]::new));

    assertThat(owners("cf")).containsExactlyElementsOf(inside);
    assertThat(owners("cf/cell")).containsExactly("cf/cell/0", "cf/cell/1");
    assertThat(owners("cf/cell/0")).containsExactly("cf/cell/0");
    assertThat(owners("c")).containsExactly("c");
    assertThat(owners("%")).isEmpty();
    assertThat(owners("c_")).isEmpty();
    assertThat(owners("")).hasSize(inside.size() + outside.size());
  }

  private List<String> owners(String path) {
    return store.blocksOf(SPACE, OwnerScope.below(path)).stream()
        .map(held -> held.owner().id())
        .toList();
  }

  @Test
  void a_scope_holds_blocks_in_every_state_in_address_order() {
    AllocatedBlock active = held("10.0.0.3/32", "cf/cell/0");
    AllocatedBlock obsolete = held("10.0.0.2/32", "cf/cell/1").obsolete();
    AllocatedBlock resting = held("10.0.0.1/32", "cf/cell/2").quarantined(LATER);
    AllocatedBlock external = external("10.0.0.4/32", "cf/lab");
    committed(
        add(active), add(held("10.0.0.2/32", "cf/cell/1")), add(held("10.0.0.1/32", "cf/cell/2")));
    committed(add(external), replace(held("10.0.0.2/32", "cf/cell/1"), obsolete));
    committed(replace(held("10.0.0.1/32", "cf/cell/2"), resting));

    assertThat(store.blocksOf(SPACE, OwnerScope.below("cf")))
        .containsExactly(resting, obsolete, active, external);
    assertThat(store.blocksOf(OTHER_SPACE, OwnerScope.below("cf"))).isEmpty();
  }

  @Test
  void a_range_finds_what_is_in_it_and_what_it_is_in() {
    AllocatedBlock before = held("2001:db8::/64", "a");
    AllocatedBlock first = held("2001:db8:0:4::/128", "b");
    AllocatedBlock last = held("2001:db8:0:7:ffff:ffff:ffff:ffff/128", "c");
    AllocatedBlock after = held("2001:db8:0:8::/64", "d");
    committed(add(before), add(first), add(last), add(after));

    assertThat(store.overlapping(SPACE, prefix("2001:db8:0:4::/62"))).containsExactly(first, last);
    assertThat(store.overlapping(SPACE, prefix("2001:db8:0:5::/64"))).isEmpty();
    assertThat(store.overlapping(SPACE, prefix("2001:db8::1/128"))).containsExactly(before);
    assertThat(store.overlapping(SPACE, prefix("2001:db8:0:8::/64"))).containsExactly(after);
    assertThat(store.overlapping(SPACE, prefix("2001:db8::/60")))
        .containsExactly(before, first, last, after);
    assertThat(store.overlapping(SPACE, prefix("0.0.0.0/0"))).isEmpty();
    assertThat(store.overlapping(OTHER_SPACE, prefix("::/0"))).isEmpty();
  }

  // Audit trail

  @Test
  void the_trail_tells_what_became_of_a_block() {
    AllocatedBlock held = held("2001:db8:0:1::/80", "cf/cell/0");
    AllocatedBlock second = held.relabelled("vm-2", "default", "z2", AllocationKind.STATIC);
    AllocatedBlock resting = second.quarantined(LATER);
    AllocatedBlock anew = held("2001:db8:0:1::/80", "cf/cell/0");
    AllocatedBlock inherited = held("2001:db8:0:1::/80", "cf/cell/9");
    committed(at(1, add(held)));
    committed(at(2, replace(held, second)));
    committed(at(3, replace(second, second.obsolete())));
    committed(at(4, replace(second.obsolete(), second)));
    committed(at(5, replace(second, resting)));
    committed(at(6, replace(resting, anew)));
    committed(at(7, replace(anew, inherited)));
    committed(at(8, remove(inherited)));

    List<HistoryEntry> expected =
        List.of(
            line(1, Event.ALLOCATED, held),
            line(2, Event.RELABELLED, second),
            line(3, Event.RETIRED, second.obsolete()),
            line(4, Event.RELABELLED, second),
            line(5, Event.QUARANTINED, resting),
            line(6, Event.ALLOCATED, anew),
            line(7, Event.ALLOCATED, inherited),
            line(8, Event.FREED, inherited));
    assertThat(store.changesSince(SPACE, 0)).containsExactlyElementsOf(expected);
    assertThat(store.history(SPACE, held.block().last())).containsExactlyElementsOf(expected);
    assertThat(store.changesSince(SPACE, 6)).containsExactlyElementsOf(expected.subList(6, 8));
    assertThat(store.changesSince(SPACE, 8)).isEmpty();
    assertThat(store.changesSince(SPACE, 1_000_000)).isEmpty();
    assertThat(store.changesSince(OTHER_SPACE, 0)).isEmpty();
  }

  private CommitResult at(int second, Change change) {
    return store.commit(new ChangeSet(SPACE, NOON.plusSeconds(second), List.of(change)));
  }

  private static HistoryEntry line(int revision, Event event, AllocatedBlock block) {
    return new HistoryEntry(revision, NOON.plusSeconds(revision), event, block);
  }

  @Test
  void a_part_of_the_trail_is_told_by_revisions() {
    for (int n = 1; n <= 200; n++) {
      AddressSpace space = n % 3 == 0 ? OTHER_SPACE : SPACE;
      committed(store.commit(set(space, add(held("10.0.0." + n + "/32", "cf/cell/" + n)))));
    }

    assertThat(between(SPACE, 0, 0)).isEmpty();
    assertThat(between(SPACE, 0, 1)).containsExactly(1L);
    assertThat(between(SPACE, 4, 8)).containsExactly(5L, 7L, 8L);
    assertThat(between(OTHER_SPACE, 5, 9)).containsExactly(6L, 9L);
    assertThat(between(SPACE, 2, 3)).isEmpty();
    assertThat(between(SPACE, 8, 4)).isEmpty();
    assertThat(between(SPACE, 199, Long.MAX_VALUE)).containsExactly(200L);
    assertThat(between(SPACE, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
    assertThat(between(SPACE, 10, 190)).hasSize(120).isSorted().startsWith(11L).endsWith(190L);
  }

  private List<Long> between(AddressSpace space, long after, long upTo) {
    return store.changesBetween(space, after, upTo).stream().map(HistoryEntry::revision).toList();
  }

  @Test
  void spaces_are_those_that_something_was_committed_to() {
    AddressSpace documents = new AddressSpace("a-documents");
    AddressSpace nothing = new AddressSpace("b-nothing");
    AllocatedBlock held = held("10.0.0.1/32", "cf/cell/0");
    assertThat(store.spaces()).isEmpty();

    committed(store.commit(set(OTHER_SPACE, add(held))));
    committed(store.commit(set(OTHER_SPACE, remove(held))));
    committed(store.commit(set(documents, put("key", "text"))));
    committed(store.commit(set(nothing)));
    assertThat(store.commit(set(SPACE, remove(held)))).isInstanceOf(CommitResult.Refused.class);

    assertThat(store.spaces()).containsExactly(documents, nothing, OTHER_SPACE);
  }

  @Test
  void an_examination_of_a_sound_store_finds_nothing() {
    AllocatedBlock held = held("10.0.0.1/32", "cf/cell/0");
    committed(add(held), put("key", "text"));
    committed(replace(held, held.quarantined(LATER)));

    assertThat(store.examine()).isEmpty();
  }

  @Test
  void lines_of_a_set_keep_its_order() {
    AllocatedBlock single = held("10.0.0.7/32", "a");
    AllocatedBlock eight = held("10.0.0.0/29", "b");
    committed(add(single));

    committed(remove(single), add(eight), remove(eight), put("k", "v"), add(single));

    assertThat(store.changesSince(SPACE, 1))
        .extracting(HistoryEntry::block)
        .containsExactly(single, eight, eight, single);
    assertThat(store.history(SPACE, IpAddress.parse("10.0.0.7")))
        .extracting(HistoryEntry::event)
        .containsExactly(
            Event.ALLOCATED, Event.FREED, Event.ALLOCATED, Event.FREED, Event.ALLOCATED);
  }

  @Test
  void history_follows_an_address_through_blocks_of_every_length() {
    IpAddress address = IpAddress.parse("2001:db8:0:1::42");
    for (int length = 0; length <= 128; length++) {
      AllocatedBlock around =
          held(IpPrefix.containing(address, length), "of /" + length, "default");
      committed(add(around), remove(around));
    }
    committed(add(held("2001:db8:0:1::43/128", "neighbour")), add(held("2001:db8::/64", "aside")));

    assertThat(store.history(SPACE, address))
        .hasSize(2 * 129)
        .allMatch(line -> line.block().block().contains(address));
    assertThat(store.history(OTHER_SPACE, address)).isEmpty();
    assertThat(store.history(SPACE, IpAddress.parse("32.1.13.184"))).isEmpty();
  }

  @Test
  void history_is_kept_by_space_and_family() {
    committed(add(held("0.0.0.0/0", "v4")));
    committed(store.commit(set(OTHER_SPACE, add(held("::/0", "v6")))));

    assertThat(store.history(SPACE, IpAddress.parse("0.0.0.1"))).hasSize(1);
    assertThat(store.history(SPACE, IpAddress.parse("::1"))).isEmpty();
    assertThat(store.history(OTHER_SPACE, IpAddress.parse("::1"))).hasSize(1);
    assertThat(store.history(OTHER_SPACE, IpAddress.parse("0.0.0.1"))).isEmpty();
  }

  // Documents

  @Test
  void a_document_is_kept_as_it_was_given() {
    String long20k = "0123456789".repeat(2_000);
    for (String text : List.of("", "{}", "Größe 名前 \uD83D\uDC1F", "a\u0000b\r\n'%_", long20k)) {
      committed(put("key", text));

      assertThat(store.document(SPACE, "key")).contains(text);
      assertThat(store.documents(SPACE, "key")).containsExactly(Map.entry("key", text));
    }
    assertThat(store.document(SPACE, "Key")).isEmpty();
    assertThat(store.document(OTHER_SPACE, "key")).isEmpty();

    committed(new Change.RemoveDocument("key"));

    assertThat(store.document(SPACE, "key")).isEmpty();
    committed(new Change.RemoveDocument("key"));
  }

  @Test
  void documents_are_found_by_how_their_keys_start() {
    List<String> keys =
        List.of(
            "",
            "a",
            "a%",
            "a/1",
            "a/10",
            "a/2",
            "a0",
            "a_",
            "ab",
            "b",
            "é",
            "\uD83D\uDC1F",
            "\uFF5E");
    committed(keys.stream().map(key -> put(key, "of " + key)).toArray(Change[]::new));

    for (String start :
        List.of("", "a", "a/", "a/1", "a%", "a_", "b", "c", "é", "\uD83D\uDC1F", "\uFF5E")) {
      assertThat(store.documents(SPACE, start).keySet())
          .as("\"%s\"", start)
          .containsExactlyElementsOf(
              keys.stream().filter(key -> key.startsWith(start)).sorted().toList());
    }
    assertThat(store.documents(SPACE, "a/1")).containsEntry("a/10", "of a/10");
    assertThat(store.documents(OTHER_SPACE, "")).isEmpty();
  }

  @Test
  void a_document_is_written_only_where_it_is_as_expected() {
    committed(new Change.ExpectDocument("key", null), put("key", "1"));

    assertThat(refused(new Change.ExpectDocument("key", null), put("key", "2")))
        .isEqualTo(new DocumentChanged("key"));
    assertThat(refused(new Change.ExpectDocument("key", "0"), put("key", "2")))
        .isEqualTo(new DocumentChanged("key"));
    assertThat(refused(new Change.ExpectDocument("other", "")))
        .isEqualTo(new DocumentChanged("other"));
    committed(new Change.ExpectDocument("key", "1"), put("key", "2"));

    assertThat(store.document(SPACE, "key")).contains("2");
  }

  // Closing

  @Test
  void what_was_committed_is_there_when_the_store_is_opened_again() {
    assumeTrue(survivesReopen(), "forgets");
    AllocatedBlock held = held("2001:db8:0:1::/80", "cf/cell/0");
    AllocatedBlock resting = held("10.0.0.1/32", "cf/cell/1").quarantined(LATER);
    committed(add(held), add(held("10.0.0.1/32", "cf/cell/1")), put("networks", "[]"));
    committed(store.commit(set(new AddressSpace("s"), add(held))));
    committed(replace(held("10.0.0.1/32", "cf/cell/1"), resting));
    View before = view();

    reopen();

    assertThat(view()).isEqualTo(before);
    assertThat(store.snapshot(new AddressSpace("s")).blocks()).containsExactly(held);
    assertThat(store.history(SPACE, resting.block().first())).hasSize(2);
    refused(add(held("2001:db8:0:1::/64", "late")));
    assertThat(committed(remove(resting))).isEqualTo(4);
  }

  @Test
  void the_last_commit_before_closing_is_not_lost() {
    assumeTrue(survivesReopen(), "forgets");
    for (int n = 1; n <= 5; n++) {
      committed(add(held("10.0.0." + n + "/32", "cf/cell/" + n)));

      reopen();

      assertThat(store.revision()).isEqualTo(n);
      assertThat(blocks()).hasSize(n);
    }
  }

  @Test
  void a_closed_store_answers_nothing() {
    AllocatedBlock held = held("10.0.0.1/32", "cf/cell/0");
    committed(add(held));

    store.close();
    store.close();

    assertThat(store.location()).isNotEmpty();
    assertClosed(() -> store.commit(set(remove(held))));
    assertClosed(() -> store.commitAll(List.of(set(remove(held)))));
    assertClosed(() -> store.revision());
    assertClosed(() -> store.snapshot(SPACE));
    assertClosed(() -> store.spaces());
    assertClosed(() -> store.changesSince(SPACE, 0));
    assertClosed(() -> store.examine());
    assertClosed(() -> store.blocksOf(SPACE, OwnerScope.ALL));
    assertClosed(() -> store.overlapping(SPACE, held.block()));
    assertClosed(() -> store.history(SPACE, held.block().first()));
    assertClosed(() -> store.document(SPACE, "key"));
    assertClosed(() -> store.documents(SPACE, ""));
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, closed -> assertThat(closed.retryable()).isFalse());
  }
}
