package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.ProviderSession;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applies a deployment again and again with growing and shrinking groups, and kills each run at a
 * random point: by the growth of the database's files, so that the points lie within the work.
 */
class KilledApplyIT {

  private static final int ROUNDS = 5;

  @TempDir private Path folder;

  @Test
  void a_killed_apply_leaves_nothing_half_done_and_the_next_finishes_it() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path database = folder.resolve("ips.db");
    Path cloudConfig = Files.writeString(folder.resolve("cloud-config.yml"), cloudConfig());
    Path manifest = folder.resolve("manifest.yml");

    for (int round = 0; round < ROUNDS; round++) {
      Files.writeString(manifest, manifest(100 + random.nextInt(400)));
      ChildProcess apply = apply(database, cloudConfig, manifest);
      long size = size(database) + random.nextInt(300_000);
      while (apply.isAlive() && size(database) < size) {
        Thread.onSpinWait();
      }
      apply.kill();
      assertWholeAndDisjoint(database, seed);
    }

    Files.writeString(manifest, manifest(300));
    ChildProcess last = apply(database, cloudConfig, manifest);
    assertThat(last.exitCode()).as("seed %s: %s", seed, last.output()).isZero();
    assertWholeAndDisjoint(database, seed);
    assertThatAllIsAttached(database, 300, seed);
    ChildProcess again = apply(database, cloudConfig, manifest);
    assertThat(again.exitCode()).isZero();
    assertThat(again.output()).contains("Nothing to change");
  }

  private ChildProcess apply(Path database, Path cloudConfig, Path manifest) throws Exception {
    return ChildProcess.start(
        folder,
        "apply",
        "--store",
        "sqlite:" + database,
        "--cloud-config",
        cloudConfig.toString(),
        "--manifest",
        manifest.toString());
  }

  private static long size(Path database) {
    long size = 0;
    for (String suffix : List.of("", "-wal")) {
      // SQLite removes the file at any time, so File.length(), which takes a missing one for empty.
      size += new File(database + suffix).length();
    }
    return size;
  }

  /** Every machine has all of its blocks or none, and no two blocks overlap. */
  private static void assertWholeAndDisjoint(Path database, long seed) {
    try (Dualstack dualstack = Dualstack.builder().store("sqlite:" + database).build()) {
      List<AllocatedBlock> blocks = dualstack.allocator().blocks(OwnerScope.ALL);
      for (int i = 1; i < blocks.size(); i++) {
        assertThat(blocks.get(i - 1).block().overlaps(blocks.get(i).block()))
            .as("seed %s: %s, %s", seed, blocks.get(i - 1), blocks.get(i))
            .isFalse();
      }
      assertThat(
              blocks.stream()
                  .filter(block -> block.state() == BlockState.ACTIVE)
                  .collect(Collectors.groupingBy(AllocatedBlock::owner, Collectors.counting())))
          .as("seed %s", seed)
          .allSatisfy((owner, count) -> assertThat(count).isEqualTo(2));
    }
  }

  private static void assertThatAllIsAttached(Path database, int machines, long seed) {
    try (Dualstack dualstack = Dualstack.builder().store("sqlite:" + database).build();
        ProviderSession local = dualstack.openProvider("local")) {
      List<AllocatedBlock> blocks = dualstack.allocator().blocks(OwnerScope.ALL);
      List<AttachedNic> nics = local.attached(OwnerScope.ALL);
      assertThat(nics).as("seed %s", seed).hasSize(machines);
      Set<IpPrefix> attached =
          nics.stream()
              .flatMap(nic -> nic.blocks().stream())
              .map(NicBlock::block)
              .collect(Collectors.toSet());
      assertThat(blocks)
          .as("seed %s", seed)
          .hasSize(2 * machines)
          .allSatisfy(
              block -> {
                assertThat(block.state()).isEqualTo(BlockState.ACTIVE);
                assertThat(attached).contains(block.block());
              });
    }
  }

  static String cloudConfig() {
    return """
        azs: [{name: z1}]
        networks:
          - name: v4
            type: manual
            subnets: [{range: 10.0.0.0/16, gateway: 10.0.0.1, az: z1}]
          - name: cells
            type: manual
            subnets: [{range: "2001:db8::/64", gateway: "2001:db8::1", prefix: 80, az: z1}]
        """;
  }

  static String manifest(int instances) {
    return manifest("cf", instances);
  }

  static String manifest(String deployment, int instances) {
    return """
        name: %s
        instance_groups:
          - name: cell
            instances: %d
            azs: [z1]
            networks:
              - {name: v4, default: [dns, gateway], nic_group: 1}
              - {name: cells, nic_group: 1}
        """
        .formatted(deployment, instances);
  }
}
