package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.impl.allocation.store.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed while it copies the log into the file leaves a header that tells of more
 * pages than the file has. The log has them, so nothing is lost, and nothing may say so.
 */
class CutCheckpointTest {

  private static final int PAGE = 4096;
  private static final int PAGE_COUNT_AT = 28;

  @TempDir private Path folder;
  private Path cut = Path.of("");
  private List<AllocatedBlock> blocks = List.of();

  /** Makes a file of which only the first page was copied, with its whole log. */
  @BeforeEach
  void cutACheckpoint() throws IOException {
    Path whole = folder.resolve("whole.db");
    cut = folder.resolve("cut.db");
    try (AllocationStore store = SqliteAllocationStore.open(whole)) {
      List<ChangeSet> sets = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        sets.add(
            Blocks.set(new Change.Add(Blocks.held(Blocks.POOL.nth(80, i).toString(), "vm" + i))));
      }
      store.commitAll(sets);
      blocks = store.snapshot(AddressSpace.DEFAULT).blocks();
      Files.copy(whole, cut);
      Files.copy(Path.of(whole + "-wal"), Path.of(cut + "-wal"));
    }
    byte[] copied = Arrays.copyOf(Files.readAllBytes(whole), PAGE);
    try (FileChannel file = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(copied), 0);
    }
    assertThat(ByteBuffer.wrap(copied).getInt(PAGE_COUNT_AT) * (long) PAGE)
        .isGreaterThan(Files.size(cut));
  }

  @Test
  void opens_with_all_that_was_acknowledged() {
    try (AllocationStore store = SqliteAllocationStore.open(cut)) {
      assertThat(blocks).hasSize(2_000);
      assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).isEqualTo(blocks);
      assertThat(store.revision()).isEqualTo(2_000);
    }
  }

  @Test
  void without_its_log_it_is_damaged_and_left_as_it_is() throws IOException {
    Files.delete(Path.of(cut + "-wal"));
    byte[] before = Files.readAllBytes(cut);

    assertThatThrownBy(() -> SqliteAllocationStore.open(cut))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("damaged");

    assertThat(Files.readAllBytes(cut)).isEqualTo(before);
  }
}
