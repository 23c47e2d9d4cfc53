package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.testkit.contract.AllocationStoreContract;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteAllocationStoreTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return SqliteAllocationStore.open(folder.resolve("store.db"));
  }

  @Test
  void refuses_half_a_surrogate_pair_wherever_it_is(@TempDir Path folder) {
    try (AllocationStore store = open(folder)) {
      for (Change change :
          List.of(
              new Change.PutDocument("half\ud83d", "text"),
              new Change.PutDocument("key", "\ude00half"))) {
        ChangeSet set = new ChangeSet(AddressSpace.DEFAULT, Instant.EPOCH, List.of(change));
        assertThatThrownBy(() -> store.commit(set))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("half of a surrogate pair can't be stored");
      }
      assertThat(store.documents(AddressSpace.DEFAULT, "")).isEmpty();
    }
  }
}
