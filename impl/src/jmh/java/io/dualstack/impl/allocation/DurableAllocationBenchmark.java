package io.dualstack.impl.allocation;

import io.dualstack.Dualstack;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Durable allocations a second on the embedded database: 64 callers that share commits, each of
 * which asks again when it has its answer, as threads and without; beside one caller, for whom each
 * allocation is a commit with a flush of its own.
 *
 * <p>{@code java -jar impl/target/benchmarks.jar DurableAllocationBenchmark}; the database lies in
 * the working directory, so run it on the disk that matters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 4)
public class DurableAllocationBenchmark {

  private static final int CALLERS = 64;
  private static final int ALLOCATIONS = 500 * CALLERS;

  private final AtomicLong owners = new AtomicLong();
  private Path folder;
  private Dualstack dualstack;
  private PrefixAllocator allocator;

  /** Opens an empty database. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "benchmark");
    dualstack = Dualstack.builder().store("sqlite:" + folder.resolve("ips.db")).build();
    allocator = dualstack.allocator();
    allocator.define(
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "cells",
                List.of(Subnet.of(IpPrefix.parse("2001:db8::/40")).prefixLength(80).build()))));
  }

  /** Removes the database. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    dualstack.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private AllocationRequest request() {
    return AllocationRequest.forOwner("cf/cell/" + owners.incrementAndGet()).from("cells").build();
  }

  /** Callers that wait for one flush together. */
  @Benchmark
  @Threads(CALLERS)
  public Allocation callersShareCommits() {
    return allocator.allocate(request());
  }

  /** As many callers, none of which keeps a thread. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(ALLOCATIONS)
  public void callersWithoutThreadsShareCommits() {
    AtomicInteger left = new AtomicInteger(ALLOCATIONS);
    CompletableFuture<?>[] callers = new CompletableFuture<?>[CALLERS];
    for (int caller = 0; caller < CALLERS; caller++) {
      callers[caller] = new CompletableFuture<>();
      askAgain(left, callers[caller]);
    }
    CompletableFuture.allOf(callers).join();
  }

  private void askAgain(AtomicInteger left, CompletableFuture<?> caller) {
    if (left.getAndDecrement() <= 0) {
      caller.complete(null);
      return;
    }
    allocator
        .allocateAsync(request())
        .whenComplete(
            (allocation, failure) -> {
              if (failure == null) {
                askAgain(left, caller);
              } else {
                caller.completeExceptionally(failure);
              }
            });
  }

  /** One commit per allocation. */
  @Benchmark
  @Threads(1)
  public Allocation oneCommitPerAllocation() {
    return allocator.allocate(request());
  }
}
