package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.CuttingProxy;
import io.dualstack.impl.store.SharedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How those who find a new database in a server make its tables, whatever happens meanwhile. */
public abstract class FirstOpeners {

  private final SharedServer server;
  private final AllocationStoreFactory factory;
  private final int stride;

  /**
   * Tests a kind of server.
   *
   * @param stride how many messages at most lie between two steps after which a process is cut off;
   *     1 tries them all
   */
  protected FirstOpeners(SharedServer server, AllocationStoreFactory factory, int stride) {
    this.server = server;
    this.factory = factory;
    this.stride = stride;
  }

  @Test
  void processes_that_find_a_new_database_at_once_all_open_it() throws Exception {
    int openers = 6;
    String location = server.empty();
    CyclicBarrier start = new CyclicBarrier(openers);
    ExecutorService threads = Executors.newFixedThreadPool(openers);
    try {
      List<Future<AllocationStore>> opening = new ArrayList<>();
      for (int i = 0; i < openers; i++) {
        opening.add(
            threads.submit(
                () -> {
                  start.await();
                  return factory.open(location);
                }));
      }
      for (int i = 0; i < openers; i++) {
        try (AllocationStore store = opening.get(i).get()) {
          assertThat(Blocks.commit(store)).isEqualTo(i + 1);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_process_cut_off_at_any_step_of_the_making_leaves_a_database_that_opens()
      throws IOException {
    Random random = new Random();
    int messages = 0;
    boolean cut = true;
    while (cut) {
      messages += 1 + random.nextInt(stride);
      String location = server.empty();
      cut = isCutAfter(messages, location);
      try (AllocationStore store = factory.open(location)) {
        assertThat(Blocks.commit(store)).as("after %s messages", messages).isEqualTo(1);
        assertThat(store.examine()).isEmpty();
      }
    }
    assertThat(messages).isGreaterThan(20);
  }

  private boolean isCutAfter(int messages, String location) throws IOException {
    try (CuttingProxy proxy = server.proxy()) {
      proxy.cutAllAfter(messages);
      factory.open(server.through(proxy, location)).close();
      return proxy.hasCutAll();
    } catch (StoreUnavailableException e) {
      assertThat(e).hasMessageContaining("can't be reached");
      return true;
    }
  }
}
