package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the server while two stores allocate for many callers. */
public abstract class KilledServers {
  private static final int CALLERS = 8;
  private static final int KILLS = 3;
  private static final int ANSWERS_BETWEEN = 300;

  @TempDir private Path folder;

  private final Map<String, List<AllocatedBlock>> held = new ConcurrentHashMap<>();
  private final Set<String> released = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean stopped;

  protected abstract KillableServer start(Path folder) throws IOException;

  protected abstract AllocationStore open(String location);

  @Test
  void nothing_that_was_acknowledged_is_lost_and_nothing_is_there_twice() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (KillableServer server = start(folder.resolve("data"));
        AllocationStore one = open(server.location());
        AllocationStore two = open(server.location())) {
      List<PrefixAllocator> allocators = List.of(allocator(one), allocator(two));
      allocators.get(0).define(networks());
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        String name = "cf/cell-" + i;
        PrefixAllocator own = allocators.get(i % allocators.size());
        callers.add(threads.submit(() -> work(own, name)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        awaitAnswers(ANSWERS_BETWEEN, callers);
        server.kill();
        server.restart();
      }
      awaitAnswers(ANSWERS_BETWEEN, callers);
      stopped = true;
      for (Future<?> caller : callers) {
        caller.get();
      }
      check(one);
    } finally {
      stopped = true;
      threads.shutdownNow();
    }
  }

  private static PrefixAllocator allocator(AllocationStore store) {
    return new StoreBackedAllocator(
        store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, Clock.systemUTC());
  }

  private static NetworkSet networks() {
    return NetworkSet.of(
        new NetworkDefinition.Manual(
            "v4", List.of(Subnet.of(IpPrefix.parse("10.0.0.0/8")).build())),
        new NetworkDefinition.Manual(
            "cells", List.of(Subnet.of(IpPrefix.parse("2001:db8::/48")).prefixLength(80).build())));
  }

  private void awaitAnswers(int more, List<Future<?>> callers) throws Exception {
    int wanted = answers.get() + more;
    while (answers.get() < wanted) {
      for (Future<?> caller : callers) {
        if (caller.isDone()) {
          caller.get();
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void work(PrefixAllocator allocator, String name) {
    for (int i = 0; !stopped; i++) {
      String owner = name + "/" + i;
      AllocationRequest request =
          AllocationRequest.forOwner(owner).from("v4").from("cells").build();
      held.put(owner, Retries.answered(() -> allocator.allocate(request)).blocks());
      answers.incrementAndGet();
      if (i % 3 == 0) {
        Retries.answered(() -> allocator.release(new Owner(owner)));
        held.remove(owner);
        released.add(owner);
      }
    }
  }

  private void check(AllocationStore store) {
    assertThat(released).isNotEmpty();
    Set<AllocatedBlock> expected = new HashSet<>();
    held.values().forEach(expected::addAll);
    assertThat(new HashSet<>(store.blocksOf(AddressSpace.DEFAULT, OwnerScope.ALL)))
        .isEqualTo(expected)
        .hasSize(2 * held.size());
    assertThat(StoreCheck.run(store).findings()).isEmpty();
  }
}
