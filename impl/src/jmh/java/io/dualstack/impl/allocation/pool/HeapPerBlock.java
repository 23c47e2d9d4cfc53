package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.lang.ref.Reference;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Measures heap per live block: used memory after collection with the pool and without. Run as a
 * program, it prints a table; {@link PoolComparison} prints the same.
 */
public final class HeapPerBlock {
  private static final int LIVE = 1_000_000;

  private HeapPerBlock() {}

  /** Prints the table. */
  public static void main(String[] args) {
    print();
  }

  static void print() {
    System.out.printf("%nHeap per live block, %,d blocks, bytes%n", LIVE);
    System.out.printf("%-20s%12s%12s%12s%n", "", "dense /80", "every 2nd", "scattered");
    for (Rival rival : new Rival[] {Rival.OURS, Rival.OURS_WITH_OWNERS, Rival.TREE_MAP_GAPS}) {
      System.out.printf(
          Locale.ROOT,
          "%-20s%12.1f%12.1f%12.1f%n",
          rival,
          bytesPerBlock(live -> dense(rival, live)),
          bytesPerBlock(live -> everySecond(rival, live)),
          bytesPerBlock(live -> scattered(rival, live)));
    }
  }

  private static double bytesPerBlock(IntFunction<BlockPool> filled) {
    // Once before, so that classes and compiled code don't count.
    filled.apply(1000);
    long before = used();
    BlockPool pool = filled.apply(LIVE);
    long after = used();
    Reference.reachabilityFence(pool);
    return (double) (after - before) / LIVE;
  }

  private static long used() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private static BlockPool dense(Rival rival, int live) {
    BlockPool pool = rival.open(PoolBenchmark.range(live), 80);
    for (int i = 0; i < live; i++) {
      pool.occupy(PoolBenchmark.high(i), PoolBenchmark.low(i), 80);
    }
    return pool;
  }

  private static BlockPool everySecond(Rival rival, int live) {
    BlockPool pool = rival.open(PoolBenchmark.range(2 * live), 80);
    for (int i = 0; i < live; i++) {
      pool.occupy(PoolBenchmark.high(2 * i + 1), PoolBenchmark.low(2 * i + 1), 80);
    }
    return pool;
  }

  /** Single addresses anywhere in a /48. */
  private static BlockPool scattered(Rival rival, int live) {
    long high = PoolBenchmark.high(0);
    BlockPool pool = rival.open(IpPrefix.of(new IpAddress(IpFamily.IPV6, high, 0), 48), 128);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < live; i++) {
      pool.occupy(high | random.nextInt(1 << 16), random.nextLong(), 128);
    }
    return pool;
  }
}
