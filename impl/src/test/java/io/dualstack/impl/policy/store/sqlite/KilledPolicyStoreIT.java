package io.dualstack.impl.policy.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes write policies to one file and are killed at random points: what was acknowledged
 * is there, no tag is two applications', and none belongs to an application in no policy.
 */
class KilledPolicyStoreIT {

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Set<String> held = new TreeSet<>();
  private final Set<String> deleted = new HashSet<>();

  @Test
  void processes_killed_under_load_lose_no_policy_and_share_no_tag() throws Exception {
    Path file = folder.resolve("policies.db");
    for (int round = 0; round < 4; round++) {
      List<Process> processes = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        processes.add(start(file, "p" + round + side));
      }
      waitForLines(processes.get(0), "p" + round + "0", 1 + random.nextInt(150));
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
      read("p" + round + "0");
      read("p" + round + "1");
      check(file);
    }
    assertThat(held).hasSizeGreaterThan(10);
  }

  private Process start(Path file, String name) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            PolicyWritingProcess.class.getName(),
            file.toString(),
            name)
        .redirectOutput(output(name).toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private Path output(String name) {
    return folder.resolve("output-" + name);
  }

  private void waitForLines(Process process, String name, int lines) throws Exception {
    // Lines are about 10 characters long; where exactly the kill falls doesn't matter.
    while (output(name).toFile().length() < 10L * lines) {
      assertThat(process.isAlive())
          .as("seed %s: %s", seed, Files.readString(folder.resolve("errors")))
          .isTrue();
      Thread.onSpinWait();
    }
  }

  private void read(String name) throws Exception {
    String text = Files.readString(output(name));
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String source = line.substring(2);
      switch (line.charAt(0)) {
        case '+' -> held.add(source);
        case '?' -> held.remove(source);
        case '-' -> deleted.add(source);
        default -> throw new AssertionError(line);
      }
    }
  }

  private void check(Path file) {
    try (PolicyStore store = SqlitePolicyStore.open(file, 2, Clock.systemUTC())) {
      List<NetworkPolicy> policies =
          store.policies(PolicyFilter.ALL).stream().map(TaggedPolicy::policy).toList();
      Set<String> sources =
          policies.stream().map(NetworkPolicy::source).collect(Collectors.toSet());
      assertThat(sources).as("seed %s: acknowledged", seed).containsAll(held);
      assertThat(sources).as("seed %s: deleted", seed).doesNotContainAnyElementsOf(deleted);
      assertThat(policies)
          .as("seed %s: whole", seed)
          .allSatisfy(
              policy -> assertThat(policy).isEqualTo(PolicyWritingProcess.policy(policy.source())));
      Set<String> apps = new HashSet<>();
      policies.forEach(policy -> apps.addAll(policy.apps()));
      assertThat(store.groups())
          .as("seed %s: tags", seed)
          .extracting(PolicyGroup::id)
          .containsExactlyInAnyOrderElementsOf(apps);
    }
  }
}
