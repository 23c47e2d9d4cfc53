package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.Acknowledged;
import io.dualstack.impl.allocation.store.AllocatingProcess;
import io.dualstack.impl.store.KilledProcesses;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

  private Acknowledged acknowledged = new Acknowledged(seed);

  @Test
  void a_process_killed_under_load_loses_nothing_it_acknowledged() throws Exception {
    Path file = folder.resolve("ips.db");
    for (int round = 0; round < 5; round++) {
      String name = "round-" + round;
      // Lines are about 80 characters long.
      processes().killAfter(80L * (1 + random.nextInt(8_000)), location(file), List.of(name));
      acknowledged.read(processes().said(name));
      check(file);
    }
    acknowledged.assertMany();
  }

  @Test
  void a_process_killed_while_it_makes_the_file_leaves_one_that_opens() throws Exception {
    for (int round = 0; round < 10; round++) {
      Path file = folder.resolve("new-" + round + ".db");
      Process process = processes().start(location(file), "round-" + round);
      while (process.isAlive() && !file.toFile().exists()) {
        Thread.onSpinWait();
      }
      LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(60)));
      process.destroyForcibly().waitFor();
      acknowledged = new Acknowledged(seed);
      acknowledged.read(processes().said("round-" + round));
      check(file);
    }
  }

  private KilledProcesses processes() {
    return new KilledProcesses(folder, AllocatingProcess.class, seed);
  }

  private static String location(Path file) {
    return "sqlite:" + file;
  }

  private void check(Path file) {
    try (AllocationStore store = SqliteAllocationStore.open(file)) {
      acknowledged.assertKept(store);
    }
  }
}
