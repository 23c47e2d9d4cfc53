package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What text the store keeps, and what it refuses before anything is written. */
class PostgresTextTest {

  @TempDir private Path folder;
  private AllocationStore store;

  @BeforeEach
  void open() {
    store = new PostgresStoreFactory().open(PostgresServer.shared().locationOf(folder));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void refuses_half_a_surrogate_pair_wherever_it_is() {
    assertRefused(
        "half of a surrogate pair can't be stored",
        new Change.PutDocument("half\ud83d", "text"),
        new Change.PutDocument("key", "\ude00half"),
        new Change.Add(Blocks.held("10.0.0.1/32", "\ud83d")),
        new Change.Add(labelled("\ud83d", "net", "z1")),
        new Change.Add(labelled("vm", "\ud83d", "z1")),
        new Change.Remove(labelled("vm", "net", "\ud83d")));
  }

  @Test
  void refuses_the_character_zero_but_in_the_text_of_a_document() {
    assertRefused(
        "has the character U+0000, which PostgreSQL can't store; leave it out",
        new Change.PutDocument("a\0", "text"),
        new Change.RemoveDocument("a\0"),
        new Change.ExpectDocument("a\0", null),
        new Change.Add(labelled("\0", "net", "z1")),
        new Change.Add(labelled("vm", "\0", "z1")),
        new Change.Add(labelled("vm", "net", "\0")));
    Blocks.commit(store, new Change.PutDocument("key", "a\0b"));

    assertThat(store.document(AddressSpace.DEFAULT, "key")).contains("a\0b");
  }

  @Test
  void what_can_not_be_kept_is_not_found_either() {
    assertThat(store.document(AddressSpace.DEFAULT, "\0")).isEmpty();
    assertThat(store.documents(AddressSpace.DEFAULT, "\ud83d")).isEmpty();
    assertThat(store.blocksOf(AddressSpace.DEFAULT, OwnerScope.below("\0"))).isEmpty();
  }

  @Test
  void names_that_are_searched_for_may_have_a_thousand_bytes() {
    String longest = "ö".repeat(512);
    AllocatedBlock held =
        AllocatedBlock.active(
            Blocks.POOL,
            new Owner("名".repeat(Owner.MAX_LENGTH)),
            "vm",
            longest,
            null,
            AllocationKind.DYNAMIC,
            Blocks.NOON);
    Blocks.commit(store, new Change.Add(held), new Change.PutDocument(longest, "text"));

    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(held);
    assertThat(store.document(AddressSpace.DEFAULT, longest)).contains("text");
    assertRefused(
        "is longer than 1024 bytes",
        new Change.PutDocument(longest + "x", "text"),
        new Change.Add(labelled("vm", longest + "x", null)));
  }

  private static AllocatedBlock labelled(String incarnation, String network, String zone) {
    return Blocks.held("10.0.0.1/32", "cf/cell/0")
        .relabelled(incarnation, network, zone, AllocationKind.DYNAMIC);
  }

  private void assertRefused(String reason, Change... changes) {
    long before = store.revision();
    for (Change change : List.of(changes)) {
      assertThatThrownBy(() -> store.commit(Blocks.set(change)))
          .as("%s", change)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(reason);
    }
    assertThat(store.revision()).isEqualTo(before);
  }
}
