package io.dualstack.impl.allocation.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.mariadb.MariaServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What text the store keeps, and what it refuses before anything is written. */
class MariaTextTest {

  private static final String LONGEST_NETWORK = "\ud83d\ude00".repeat(250);
  private static final String LONGEST_KEY = "\ud83d\ude00".repeat(760);
  private static final String LONG = "zone ".repeat(20_000);

  @TempDir private Path folder;
  private AllocationStore store;

  @BeforeEach
  void open() {
    store = new MariaStoreFactory().open(MariaServer.shared().locationOf(folder));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void keeps_every_character_in_texts_of_every_length_it_allows() {
    AllocatedBlock held =
        AllocatedBlock.active(
            Blocks.POOL,
            new Owner("名".repeat(Owner.MAX_LENGTH)),
            "a\0b ",
            LONGEST_NETWORK,
            LONG,
            AllocationKind.DYNAMIC,
            Blocks.NOON);

    Blocks.commit(store, new Change.Add(held), new Change.PutDocument(LONGEST_KEY, "a\0'\"\\"));

    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(held);
    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
    assertThat(store.document(AddressSpace.DEFAULT, LONGEST_KEY)).contains("a\0'\"\\");
    Blocks.commit(store, new Change.Remove(held));
  }

  @Test
  void refuses_what_is_longer_and_half_a_surrogate_pair() {
    assertRefused("is longer than 760 characters", new Change.PutDocument(LONGEST_KEY + "x", ""));
    assertRefused(
        "is longer than 250 characters",
        new Change.Add(
            Blocks.held("10.0.0.1/32", "cf/cell/0")
                .relabelled("vm", LONGEST_NETWORK + "x", null, AllocationKind.DYNAMIC)));
    assertRefused(
        "half of a surrogate pair can't be stored",
        new Change.PutDocument("key", "\ude00half"),
        new Change.Add(Blocks.held("10.0.0.1/32", "\ud83d")));
  }

  private void assertRefused(String reason, Change... changes) {
    for (Change change : List.of(changes)) {
      assertThatThrownBy(() -> store.commit(Blocks.set(change)))
          .as("%s", change)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(reason);
    }
    assertThat(store.revision()).isZero();
  }
}
