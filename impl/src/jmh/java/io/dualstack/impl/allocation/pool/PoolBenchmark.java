package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time for one block freed and one allocated, the lowest that is free, on one core.
 *
 * <p>A useful selection of rivals and sizes with a table at the end and heap per block beside it,
 * in some minutes: see {@link PoolComparison}. A single case, for example with garbage per
 * operation:
 *
 * <pre>
 * java -jar impl/target/benchmarks.jar PoolBenchmark.releaseRandom -p rival=OURS -prof gc
 * </pre>
 *
 * <p>Blocks are /80s unless said otherwise, in ranges that hold 1024, 131072 or 1048576 of them (a
 * /70, a /63, a /60).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PoolBenchmark {
  private static final long HIGH = 0x2001_0db8_0000_0000L;
  private static final int LENGTH = 80;

  /** A pool of which a share, chosen at random, is occupied. */
  @State(Scope.Thread)
  public static class Filled {
    @Param({"OURS", "OURS_WITH_OWNERS", "TREE_MAP_GAPS"})
    Rival rival;

    @Param({"1024", "131072", "1048576"})
    int blocks;

    @Param({"0", "50", "99"})
    int percent;

    BlockPool pool;
    final BlockCursor at = new BlockCursor();

    @Setup
    public void fill() {
      pool = rival.open(range(blocks), LENGTH);
      SplittableRandom random = new SplittableRandom(1);
      int left = (int) ((long) blocks * percent / 100);
      for (int i = 0; i < blocks; i++) {
        if (random.nextInt(blocks - i) < left) {
          check(pool.occupy(high(i), low(i), LENGTH));
          left--;
        }
      }
    }
  }

  /** Allocates the lowest free block and frees it again. */
  @Benchmark
  public long allocateThenRelease(Filled in) {
    check(in.pool.allocateLowest(LENGTH, in.at));
    check(in.pool.release(in.at.high(), in.at.low(), LENGTH));
    return in.at.low();
  }

  /** So many live blocks, the lowest of the range. */
  @State(Scope.Thread)
  public static class Live {
    @Param({"OURS", "OURS_WITH_OWNERS", "TREE_MAP_GAPS"})
    Rival rival;

    @Param({"1000", "100000", "1000000"})
    int live;

    BlockPool pool;
    final BlockCursor at = new BlockCursor();
    final SplittableRandom random = new SplittableRandom(2);

    @Setup
    public void fill() {
      pool = rival.open(range(live), LENGTH);
      for (int i = 0; i < live; i++) {
        check(pool.allocateLowest(LENGTH, at));
      }
    }
  }

  /** Frees any of the live blocks, then allocates the lowest free one, which is the same. */
  @Benchmark
  public long releaseRandomThenAllocate(Live in) {
    int block = in.random.nextInt(in.live);
    check(in.pool.release(high(block), low(block), LENGTH));
    check(in.pool.allocateLowest(LENGTH, in.at));
    return in.at.low();
  }

  /** Every second block is free. */
  @State(Scope.Thread)
  public static class Fragmented {
    @Param({"OURS", "OURS_WITH_OWNERS", "TREE_MAP_GAPS"})
    Rival rival;

    @Param({"1000", "100000", "1000000"})
    int live;

    BlockPool pool;
    final BlockCursor at = new BlockCursor();
    final SplittableRandom random = new SplittableRandom(3);

    @Setup
    public void fill() {
      pool = rival.open(range(2 * live), LENGTH);
      for (int i = 1; i < 2 * live; i += 2) {
        check(pool.occupy(high(i), low(i), LENGTH));
      }
    }
  }

  /**
   * Frees any of the live blocks and allocates the lowest; then frees that and occupies the first
   * one again, so that the pool stays as fragmented as it is. Two pairs.
   */
  @Benchmark
  @OperationsPerInvocation(2)
  public long releaseRandomThenAllocateFragmented(Fragmented in) {
    int block = 2 * in.random.nextInt(in.live) + 1;
    check(in.pool.release(high(block), low(block), LENGTH));
    check(in.pool.allocateLowest(LENGTH, in.at));
    long lowest = in.at.low();
    check(in.pool.release(in.at.high(), lowest, LENGTH));
    check(in.pool.occupy(high(block), low(block), LENGTH));
    return lowest;
  }

  /** Blocks of four lengths in one /32, in any order: /56, /64, /80 and /128. */
  @State(Scope.Thread)
  public static class Mixed {
    @Param({"OURS", "OURS_WITH_OWNERS", "TREE_MAP_GAPS"})
    Rival rival;

    @Param({"1000", "100000", "1000000"})
    int live;

    private static final int[] LENGTHS = {56, 64, 64, 80, 80, 80, 128, 128};

    BlockPool pool;
    Blocks blocks;

    @Setup
    public void fill() {
      pool = rival.open(IpPrefix.of(new IpAddress(IpFamily.IPV6, HIGH, 0), 32), LENGTH);
      blocks = new Blocks(live);
      for (int i = 0; i < live; i++) {
        blocks.allocate(pool, i, anyLength());
      }
      // As after a long life: half of all has come and gone once.
      for (int i = 0; i < live / 2; i++) {
        releaseAndAllocate();
      }
    }

    int anyLength() {
      return LENGTHS[blocks.random.nextInt(LENGTHS.length)];
    }

    long releaseAndAllocate() {
      int index = blocks.any();
      blocks.release(pool, index);
      return blocks.allocate(pool, index, anyLength());
    }
  }

  /** Frees any of the live blocks, then allocates the lowest of any of the four lengths. */
  @Benchmark
  public long releaseRandomThenAllocateMixed(Mixed in) {
    return in.releaseAndAllocate();
  }

  /** Single addresses anywhere in a /48, each of which spoils the /80 it lies in. */
  @State(Scope.Thread)
  public static class Scattered {
    @Param({"OURS", "OURS_WITH_OWNERS", "TREE_MAP_GAPS"})
    Rival rival;

    @Param({"1000", "100000", "1000000"})
    int live;

    BlockPool pool;
    Blocks blocks;

    @Setup
    public void fill() {
      pool = rival.open(IpPrefix.of(new IpAddress(IpFamily.IPV6, HIGH, 0), 48), LENGTH);
      blocks = new Blocks(live);
      for (int i = 0; i < live; i++) {
        occupy(i);
      }
    }

    private void occupy(int index) {
      long high = HIGH | blocks.random.nextInt(1 << 16);
      blocks.occupy(pool, index, high, blocks.random.nextLong(), 128);
    }
  }

  /** Frees any of the addresses and occupies another; then allocates and frees the lowest /80. */
  @Benchmark
  @OperationsPerInvocation(2)
  public long releaseRandomThenAllocateScattered(Scattered in) {
    int index = in.blocks.any();
    in.blocks.release(in.pool, index);
    in.occupy(index);
    check(in.pool.allocateLowest(LENGTH, in.blocks.at));
    check(in.pool.release(in.blocks.at.high(), in.blocks.at.low(), LENGTH));
    return in.blocks.at.low();
  }

  /** Returns the smallest range that has room for so many /80s. */
  static IpPrefix range(int blocks) {
    int order = 32 - Integer.numberOfLeadingZeros(blocks - 1);
    return IpPrefix.of(new IpAddress(IpFamily.IPV6, HIGH, 0), LENGTH - order);
  }

  /** Returns the upper half of the first address of a /80 of the range. */
  static long high(int block) {
    return HIGH | block >>> 16;
  }

  /** Returns the lower half of the first address of a /80 of the range. */
  static long low(int block) {
    return (long) block << 48;
  }

  private static void check(boolean done) {
    if (!done) {
      throw new IllegalStateException("the pool refused what must be possible");
    }
  }
}
