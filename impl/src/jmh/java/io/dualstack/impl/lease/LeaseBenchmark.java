package io.dualstack.impl.lease;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One lease acquired and released while others are held: {@code java -jar
 * impl/target/benchmarks.jar LeaseBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LeaseBenchmark {

  @Param({"memory", "sqlite"})
  String store;

  @Param({"100", "10000", "60000"})
  int held;

  private final IpAddress asking = IpAddress.parse("192.168.0.1");
  private Path folder;
  private AllocationStore open;
  private StoreLeaseRegistry registry;

  /** Fills the registry. */
  @Setup
  public void fill() throws IOException {
    folder = Files.createTempDirectory("leases");
    open =
        StandardDualstackFactory.openStore(
            store.equals("memory") ? "memory:" : "sqlite:" + folder.resolve("l.db"));
    registry =
        new StoreLeaseRegistry(
            open,
            LeasePool.of(IpPrefix.parse("10.0.0.0/8"), 24),
            Clock.systemUTC(),
            new Random(42));
    for (int cell = 0; cell < held; cell++) {
      registry.acquire(IpAddress.parse("172.16.0.0").plus(cell), LeaseKind.BLOCK);
    }
  }

  /** Removes the store. */
  @TearDown
  public void remove() throws IOException {
    open.close();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Acquires and releases. */
  @Benchmark
  public CellLease acquireAndRelease() {
    CellLease lease = registry.acquire(asking, LeaseKind.BLOCK);
    registry.release(asking);
    return lease;
  }
}
