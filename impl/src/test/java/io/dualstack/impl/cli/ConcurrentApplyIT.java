package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes apply deployments of one cloud config to one store at once. */
class ConcurrentApplyIT {

  private static final int PROCESSES = 4;
  private static final int MACHINES = 200;

  @TempDir private Path folder;

  @Test
  void processes_that_apply_at_once_all_succeed_and_never_overlap() throws Exception {
    apply("sqlite:" + folder.resolve("ips.db"));
  }

  @Test
  void so_do_those_that_share_a_server() throws Exception {
    apply(PostgresServer.shared().empty(""));
  }

  private void apply(String store) throws Exception {
    Path cloudConfig =
        Files.writeString(folder.resolve("cloud-config.yml"), KilledApplyIT.cloudConfig());
    List<ChildProcess> running = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      Path manifest =
          Files.writeString(
              folder.resolve("manifest-" + i + ".yml"),
              KilledApplyIT.manifest("deployment-" + i, MACHINES));
      running.add(
          ChildProcess.start(
              folder,
              "apply",
              "--store",
              store,
              "--cloud-config",
              cloudConfig.toString(),
              "--manifest",
              manifest.toString()));
    }
    for (ChildProcess process : running) {
      assertThat(process.exitCode()).as(process.output()).isZero();
    }

    try (Dualstack dualstack = Dualstack.builder().store(store).build()) {
      List<AllocatedBlock> blocks = dualstack.allocator().blocks(OwnerScope.ALL);
      assertThat(blocks).hasSize(PROCESSES * MACHINES * 2);
      for (int i = 1; i < blocks.size(); i++) {
        assertThat(blocks.get(i - 1).block().overlaps(blocks.get(i).block())).isFalse();
      }
    }
  }
}
