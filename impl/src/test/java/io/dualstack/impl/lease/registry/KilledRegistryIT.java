package io.dualstack.impl.lease.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.impl.store.KilledProcesses;
import io.dualstack.lease.CellLease;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes lease from one file and are killed at random points: what was acknowledged is
 * there, nothing overlaps, no lease is there by half.
 */
class KilledRegistryIT {

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Map<String, String> held = new TreeMap<>();
  private final Set<String> released = new HashSet<>();

  @Test
  void processes_killed_under_load_lose_no_lease_and_never_share_one() throws Exception {
    Path file = folder.resolve("leases.db");
    KilledProcesses processes = new KilledProcesses(folder, LeasingProcess.class, seed);
    for (int round = 0; round < 4; round++) {
      List<String> names = List.of("" + (16 + 2 * round), "" + (17 + 2 * round));
      // Lines are about 25 characters long.
      processes.killAfter(25L * (1 + random.nextInt(1_500)), file.toString(), names);
      for (String name : names) {
        read(processes.said(name));
      }
      check(file);
    }
    assertThat(held).hasSizeGreaterThan(10);
  }

  private void read(List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "+" -> held.put(words[1], words[2]);
        case "?" -> held.remove(words[1]);
        case "-" -> released.add(words[1]);
        default -> throw new AssertionError(line);
      }
    }
  }

  private void check(Path file) {
    try (AllocationStore store = new SqliteStoreFactory().open("sqlite:" + file)) {
      List<CellLease> leases =
          new StoreLeaseRegistry(store, LeasingProcess.POOL, Clock.systemUTC(), new Random())
              .leases();
      Map<String, String> there =
          leases.stream()
              .collect(
                  Collectors.toMap(
                      lease -> lease.underlayIp().toString(),
                      lease -> lease.overlaySubnet().toString()));
      assertThat(there).as("seed %s: acknowledged", seed).containsAllEntriesOf(held);
      assertThat(there)
          .as("seed %s: released", seed)
          .doesNotContainKeys(released.toArray(String[]::new));
      for (int i = 1; i < leases.size(); i++) {
        assertThat(leases.get(i - 1).overlaySubnet().overlaps(leases.get(i).overlaySubnet()))
            .as("seed %s: %s, %s", seed, leases.get(i - 1), leases.get(i))
            .isFalse();
      }
      assertThat(
              store.snapshot(LeaseStore.SPACE).blocks().stream()
                  .collect(
                      Collectors.toMap(
                          block -> block.owner().id(),
                          (AllocatedBlock block) -> block.block().toString())))
          .as("seed %s: half there", seed)
          .isEqualTo(there);
    }
  }
}
