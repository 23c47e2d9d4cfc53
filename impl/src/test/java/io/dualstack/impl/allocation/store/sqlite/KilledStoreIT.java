package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.store.sqlite.KilledProcesses;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that allocates with many threads, at random points from the making of the file
 * on, and looks at what it left: what was acknowledged is there, nothing is there by half, nothing
 * overlaps, and the audit trail tells what is there.
 */
class KilledStoreIT {

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** What was acknowledged and not asked to be released, with its blocks. */
  private final Map<String, Set<String>> held = new TreeMap<>();

  /** What was acknowledged as released. */
  private final Set<String> released = new HashSet<>();

  @Test
  void a_process_killed_under_load_loses_nothing_it_acknowledged() throws Exception {
    Path file = folder.resolve("ips.db");
    for (int round = 0; round < 5; round++) {
      String name = "round-" + round;
      // Lines are about 80 characters long.
      processes().killAfter(80L * (1 + random.nextInt(8_000)), file, List.of(name));
      read(processes().said(name));
      check(file);
    }
    assertThat(held).hasSizeGreaterThan(10);
    assertThat(released).isNotEmpty();
  }

  @Test
  void a_process_killed_while_it_makes_the_file_leaves_one_that_opens() throws Exception {
    for (int round = 0; round < 10; round++) {
      Path file = folder.resolve("new-" + round + ".db");
      Process process = processes().start(file, "round-" + round);
      while (process.isAlive() && !file.toFile().exists()) {
        Thread.onSpinWait();
      }
      LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(60)));
      process.destroyForcibly().waitFor();
      held.clear();
      released.clear();
      read(processes().said("round-" + round));
      check(file);
    }
  }

  private KilledProcesses processes() {
    return new KilledProcesses(folder, AllocatingProcess.class, seed);
  }

  private void read(List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "+" -> held.put(words[1], Set.of(words[2].split(",", -1)));
        case "?" -> held.remove(words[1]);
        case "-" -> released.add(words[1]);
        default -> throw new AssertionError(line);
      }
    }
  }

  private void check(Path file) {
    try (AllocationStore store = SqliteAllocationStore.open(file)) {
      List<AllocatedBlock> blocks = store.snapshot(AddressSpace.DEFAULT).blocks();
      Map<String, Set<String>> there =
          blocks.stream()
              .collect(
                  Collectors.groupingBy(
                      block -> block.owner().id(),
                      Collectors.mapping(block -> block.block().toString(), Collectors.toSet())));
      assertThat(there).as("seed %s: acknowledged", seed).containsAllEntriesOf(held);
      assertThat(there)
          .as("seed %s: released", seed)
          .doesNotContainKeys(released.toArray(String[]::new));
      assertThat(there)
          .as("seed %s: half there", seed)
          .allSatisfy((owner, theirs) -> assertThat(theirs).hasSize(3));
      assertThat(StoreCheck.run(store).findings()).as("seed %s", seed).isEmpty();
    }
  }
}
