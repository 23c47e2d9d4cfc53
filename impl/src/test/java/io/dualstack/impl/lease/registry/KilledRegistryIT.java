package io.dualstack.impl.lease.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.lease.CellLease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
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
    for (int round = 0; round < 4; round++) {
      List<Process> processes = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        processes.add(start(file, 16 + 2 * round + side));
      }
      waitForLines(processes.get(0), 16 + 2 * round, 1 + random.nextInt(1_500));
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
      read(16 + 2 * round);
      read(17 + 2 * round);
      check(file);
    }
    assertThat(held).hasSizeGreaterThan(10);
  }

  private Process start(Path file, int number) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LeasingProcess.class.getName(),
            file.toString(),
            String.valueOf(number))
        .redirectOutput(output(number).toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private Path output(int number) {
    return folder.resolve("output-" + number);
  }

  private void waitForLines(Process process, int number, int lines) throws Exception {
    // Lines are about 25 characters long; where exactly the kill falls doesn't matter.
    while (output(number).toFile().length() < 25L * lines) {
      assertThat(process.isAlive())
          .as("seed %s: %s", seed, Files.readString(folder.resolve("errors")))
          .isTrue();
      Thread.onSpinWait();
    }
  }

  private void read(int number) throws Exception {
    String text = Files.readString(output(number));
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
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
