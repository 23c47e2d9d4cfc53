package io.dualstack.impl.allocation.store;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.KilledProcesses;
import io.dualstack.impl.store.SharedServer;
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
public abstract class KilledClients {

  @TempDir private Path folder;

  private final SharedServer server;
  private final AllocationStoreFactory factory;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  protected KilledClients(SharedServer server, AllocationStoreFactory factory) {
    this.server = server;
    this.factory = factory;
  }

  @Test
  void processes_killed_under_load_lose_nothing_they_were_told() throws Exception {
    String location = server.locationOf(folder);
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
      String location = server.empty();
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

  private void assertKept(Acknowledged acknowledged, String location) {
    try (AllocationStore store = factory.open(location)) {
      acknowledged.assertKept(store);
    }
  }
}
