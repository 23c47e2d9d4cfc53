package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.net.IpPrefix;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two writers who want a /80 and an address inside it, at the same moment, again and again. */
public final class RawRace {

  private RawRace() {}

  /** Takes a block for an owner; false if that was refused. */
  public interface Taking {
    boolean take(IpPrefix block, String owner) throws SQLException;
  }

  /**
   * Makes sure that just one of them gets what it wants each time. The first takes the prefix in
   * every other round, and the address in the others.
   */
  public static void run(AllocationStore store, int rounds, Taking one, Taking other)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < rounds; round++) {
        IpPrefix prefix = Blocks.POOL.nth(80, round);
        IpPrefix inside = IpPrefix.single(prefix.last());
        IpPrefix first = round % 2 == 0 ? prefix : inside;
        IpPrefix second = round % 2 == 0 ? inside : prefix;
        String owner = "round-" + round;
        CyclicBarrier start = new CyclicBarrier(2);

        Future<Boolean> byOne =
            threads.submit(() -> at(start, () -> one.take(first, owner + "/1")));
        Future<Boolean> byOther =
            threads.submit(() -> at(start, () -> other.take(second, owner + "/2")));

        assertThat(byOne.get()).as("round %s", round).isNotEqualTo(byOther.get());
        assertThat(store.overlapping(AddressSpace.DEFAULT, prefix)).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean at(CyclicBarrier start, Callable<Boolean> taking) throws Exception {
    start.await();
    return taking.call();
  }
}
