package io.dualstack.impl.policy.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.store.KilledProcesses;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.nio.file.Path;
import java.time.Clock;
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
    KilledProcesses processes = new KilledProcesses(folder, PolicyWritingProcess.class, seed);
    for (int round = 0; round < 4; round++) {
      List<String> names = List.of("p" + round + "0", "p" + round + "1");
      // Lines are about 10 characters long.
      processes.killAfter(10L * (1 + random.nextInt(150)), file.toString(), names);
      for (String name : names) {
        read(processes.said(name));
      }
      check(file);
    }
    assertThat(held).hasSizeGreaterThan(10);
  }

  private void read(List<String> lines) {
    for (String line : lines) {
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
