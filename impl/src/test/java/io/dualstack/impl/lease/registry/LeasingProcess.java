package io.dualstack.impl.lease.registry;

import io.dualstack.PoolExhaustedException;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Random;

/**
 * Acquires and releases leases with several threads until it is killed. Prints a line for each
 * answer, after it was given: {@code + cell subnet}, {@code - cell}; and {@code ? cell} before a
 * release.
 */
final class LeasingProcess {

  static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.128.0.0/9"), 24);

  private static final int THREADS = 4;

  private LeasingProcess() {}

  /** Takes the file and the first byte but one of its cells, which no other process has. */
  public static void main(String[] arguments) {
    LeaseRegistry registry =
        new StoreLeaseRegistry(
            new SqliteStoreFactory().open("sqlite:" + arguments[0]),
            POOL,
            Clock.systemUTC(),
            new Random());
    for (int thread = 0; thread < THREADS; thread++) {
      IpAddress first = IpAddress.parse("172." + arguments[1] + "." + 32 * thread + ".0");
      new Thread(() -> work(registry, first, System.out)).start();
    }
  }

  private static void work(LeaseRegistry registry, IpAddress first, PrintStream out) {
    for (int i = 1; i < 32 * 256; i++) {
      IpAddress cell = first.plus(i);
      try {
        CellLease lease =
            registry.acquire(cell, i % 5 == 0 ? LeaseKind.SINGLE_ADDRESS : LeaseKind.BLOCK);
        say(out, "+ " + cell + " " + lease.overlaySubnet());
        if (i % 3 == 0) {
          say(out, "? " + cell);
          registry.release(cell);
          say(out, "- " + cell);
        }
      } catch (PoolExhaustedException e) {
        // Only the single addresses are so few.
        continue;
      }
    }
  }

  /** One write per line, so that a line is whole or not there. */
  private static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }
}
