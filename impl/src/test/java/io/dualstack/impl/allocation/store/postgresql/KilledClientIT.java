package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.Acknowledged;
import io.dualstack.impl.allocation.store.AllocatingProcess;
import io.dualstack.impl.store.KilledProcesses;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that allocate from one subnet with many callers, at random points from the making
 * of the tables on, and looks at what they left.
 */
class KilledClientIT {

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void processes_killed_under_load_lose_nothing_they_were_told() throws Exception {
    String location = PostgresServer.shared().locationOf(folder);
    Acknowledged acknowledged = new Acknowledged(seed);
    for (int round = 0; round < 3; round++) {
      List<String> names = List.of("a-" + round, "b-" + round);
      // Lines are about 80 characters long.
      processes().killAfter(80L * (1 + random.nextInt(1_000)), location, names);
      for (String name : names) {
        acknowledged.read(processes().said(name));
      }
      assertKept(acknowledged, location);
    }
    acknowledged.assertMany();
  }

  @Test
  void a_process_killed_while_it_makes_the_tables_leaves_a_database_that_opens() throws Exception {
    for (int round = 0; round < 5; round++) {
      String location = PostgresServer.shared().empty("");
      Process process = processes().start(location, "round-" + round);
      LockSupport.parkNanos(random.nextLong(TimeUnit.SECONDS.toNanos(2)));
      process.destroyForcibly().waitFor();
      Acknowledged acknowledged = new Acknowledged(seed);
      acknowledged.read(processes().said("round-" + round));

      assertKept(acknowledged, location);
    }
  }

  private KilledProcesses processes() {
    return new KilledProcesses(folder, AllocatingProcess.class, seed);
  }

  private static void assertKept(Acknowledged acknowledged, String location) {
    try (AllocationStore store = new PostgresStoreFactory().open(location)) {
      acknowledged.assertKept(store);
    }
  }
}
