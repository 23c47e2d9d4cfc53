package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.Acknowledged;
import io.dualstack.impl.allocation.store.Retries;
import io.dualstack.impl.store.postgresql.DurableServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four processes allocate from the same subnets of one server and release again, while they and the
 * server are killed at random. It takes as long as {@code -Ddualstack.soak} says, in ISO 8601
 * ({@code PT1H} for an hour); without it two minutes where {@code CI=true}, and ten seconds
 * elsewhere. {@code -Ddualstack.soak.seed} repeats the kills of a run that failed.
 */
class SoakIT {

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir private Path folder;

  private final Duration duration = duration();
  private final long seed = Long.getLong("dualstack.soak.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<SoakingClient> clients = new ArrayList<>();
  private int killedClients;
  private int killedServers;

  private static Duration duration() {
    String standard = Boolean.parseBoolean(System.getenv("CI")) ? "PT2M" : "PT10S";
    return Duration.parse(System.getProperty("dualstack.soak", standard));
  }

  @AfterEach
  void remove_clients() {
    clients.forEach(SoakingClient::remove);
  }

  @Test
  void kills_of_clients_and_server_lose_nothing_and_hand_out_nothing_twice() throws Exception {
    try (DurableServer server = DurableServer.start(folder.resolve("data"));
        AllocationStore store = new PostgresStoreFactory().open(server.location())) {
      for (String name : NAMES) {
        clients.add(new SoakingClient(name, server.location(), folder, seed));
      }
      soak(server, store);
      awaitWork();
      for (SoakingClient client : clients) {
        client.end();
      }
      check(store);
      System.out.println(figures());
    } catch (Exception | AssertionError e) {
      throw new AssertionError(figures(), e);
    }
  }

  private void soak(DurableServer server, AllocationStore store) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    while (killedClients == 0 || killedServers == 0 || System.nanoTime() - end < 0) {
      pause();
      if (random.nextInt(4) == 0) {
        awaitWork();
        server.kill();
        pause();
        server.restart();
        killedServers++;
      } else {
        SoakingClient client = clients.get(random.nextInt(clients.size()));
        client.kill();
        client.acknowledged().assertIn(Retries.answered(() -> Acknowledged.there(store)));
        client.start();
        killedClients++;
      }
    }
  }

  private void pause() {
    LockSupport.parkNanos(random.nextLong(TimeUnit.SECONDS.toNanos(2)));
  }

  /** Waits until all have done something since they were started. */
  private void awaitWork() throws IOException {
    for (SoakingClient client : clients) {
      while (!client.hasWorked()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private void check(AllocationStore store) {
    Map<String, Set<String>> there = Acknowledged.there(store);
    Map<String, Set<String>> held = new TreeMap<>();
    for (SoakingClient client : clients) {
      client.acknowledged().assertIn(there);
      held.putAll(client.acknowledged().held());
    }
    assertThat(there).isEqualTo(held);
    List<AllocatedBlock> blocks = store.snapshot(AddressSpace.DEFAULT).blocks();
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i).block().overlaps(blocks.get(i - 1).block()))
          .as("%s, %s", blocks.get(i), blocks.get(i - 1))
          .isFalse();
    }
    assertThat(StoreCheck.run(store).findings()).isEmpty();
  }

  private String figures() {
    return "dualstack.soak.seed=%d: %d killed clients, %d killed servers, %d released, %d held"
        .formatted(
            seed,
            killedClients,
            killedServers,
            sum(Acknowledged::released),
            sum(acknowledged -> acknowledged.held().size()));
  }

  private int sum(ToIntFunction<Acknowledged> count) {
    return clients.stream().map(SoakingClient::acknowledged).mapToInt(count).sum();
  }
}
