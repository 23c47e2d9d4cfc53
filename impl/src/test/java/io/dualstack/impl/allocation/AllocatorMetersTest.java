package io.dualstack.impl.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.dualstack.AllocationConflictException;
import io.dualstack.Dualstack;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Meters;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryStoreFactory;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.impl.metrics.ThrowingMeters;
import io.dualstack.net.IpPrefix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an embedder's meters are told of allocations. */
class AllocatorMetersTest {
  private static final Map<String, String> CELLS =
      Map.of("space", "default", "network", "cells", "range", "10.0.0.0/29");

  private final RecordingMeters meters = new RecordingMeters();
  private final Dualstack dualstack = Dualstack.builder().meters(meters).build();
  private final PrefixAllocator allocator = dualstack.allocator();

  @AfterEach
  void close() {
    dualstack.close();
  }

  /** A /29 has six addresses to hand out. */
  private static NetworkSet cells() {
    Subnet subnet = Subnet.of(IpPrefix.parse("10.0.0.0/29")).build();
    return NetworkSet.of(new NetworkDefinition.Manual("cells", List.of(subnet)));
  }

  private static AllocationRequest request(String owner) {
    return AllocationRequest.forOwner(owner).from("cells").build();
  }

  @Test
  void allocations_are_timed_by_outcome() {
    allocator.define(cells());
    for (int i = 0; i < 6; i++) {
      allocator.allocate(request("cf/cell/" + i));
    }
    assertThatThrownBy(() -> allocator.allocate(request("cf/cell/7")))
        .isInstanceOf(PoolExhaustedException.class);
    assertThatThrownBy(
            () ->
                allocator.allocate(AllocationRequest.forOwner("cf/cell/8").from("nowhere").build()))
        .isInstanceOf(InvalidConfigurationException.class);

    assertThat(meters.outcomes("allocate"))
        .containsExactly("ok", "ok", "ok", "ok", "ok", "ok", "exhausted", "invalid");
    assertThat(meters.timed("allocate").get(0)).containsOnlyKeys("outcome");
  }

  @Test
  void asynchronous_calls_are_timed() {
    allocator.define(cells());

    allocator.allocateAsync(request("cf/cell/0")).toCompletableFuture().join();
    AllocationRequest nowhere = AllocationRequest.forOwner("cf/cell/1").from("nowhere").build();
    assertThatThrownBy(() -> allocator.allocateAsync(nowhere).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class);
    allocator.releaseAsync(new Owner("cf/cell/0")).toCompletableFuture().join();

    assertThat(meters.outcomes("allocate")).containsExactly("ok", "invalid");
    assertThat(meters.outcomes("release")).containsExactly("ok");
  }

  /** Else who waits for a stage might look at the meters too early. */
  @Test
  void asynchronous_calls_are_timed_before_their_stages_complete() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    Meters waiting =
        new RecordingMeters() {
          @Override
          public void time(String name, Map<String, String> labels, Duration duration) {
            if (name.equals("release")) {
              told.countDown();
              Uninterruptibles.awaitUninterruptibly(seen);
            }
          }
        };
    try (AllocationStore store = new MemoryStoreFactory().open("memory:")) {
      CompletableFuture<ReleaseOutcome> released =
          allocator(store, waiting).releaseAsync(new Owner("a")).toCompletableFuture();
      told.await();
      boolean early = released.isDone();
      seen.countDown();

      assertThat(early).isFalse();
      assertThat(released.join()).isEqualTo(new ReleaseOutcome.NothingHeld());
    }
  }

  @Test
  void releases_say_what_there_was_to_release() {
    allocator.define(cells());
    allocator.allocate(request("cf/cell/0"));

    allocator.release(new Owner("cf/cell/0"), "another life");
    allocator.release(new Owner("cf/cell/0"));
    allocator.release(new Owner("cf/cell/0"));

    assertThat(meters.outcomes("release"))
        .containsExactly("another_incarnation", "ok", "nothing_held");
  }

  @Test
  void what_others_choose_and_whole_deployments_have_meters_of_their_own() {
    allocator.define(cells());
    IpPrefix block = IpPrefix.parse("10.0.0.3/32");
    allocator.reserve(new Owner("a"), "", null, "cells", block, AllocationKind.STATIC);
    assertThatThrownBy(
            () ->
                allocator.reserve(new Owner("b"), "", null, "cells", block, AllocationKind.STATIC))
        .isInstanceOf(AllocationConflictException.class);
    DesiredState desired =
        new DesiredState(cells(), OwnerScope.below("cf"), List.of(request("cf/cell/0")));
    allocator.plan(desired);
    allocator.apply(desired);

    assertThat(meters.outcomes("reserve")).containsExactly("ok", "conflict");
    assertThat(meters.outcomes("apply")).containsExactly("ok");
  }

  @Test
  void commits_are_timed_and_counted_by_what_shares_them() {
    allocator.define(cells());
    allocator.allocate(request("cf/cell/0"));
    allocator.allocate(request("cf/cell/0"));

    // The second allocation had nothing to write; its answer waited for the disk as well.
    assertThat(meters.timed("commit")).containsExactly(Map.of(), Map.of());
    assertThat(meters.counted("commitSteps")).isEqualTo(2);
    assertThat(meters.timed("commitFlush")).hasSize(3);
    assertThat(meters.counted("commitConflicts")).isZero();
  }

  @Test
  void a_step_that_another_writer_was_faster_than_is_counted() {
    try (AllocationStore store = new MemoryStoreFactory().open("memory:")) {
      PrefixAllocator other = allocator(store, Meters.NONE);
      other.define(cells());
      PrefixAllocator slow =
          allocator(before(store, () -> other.allocate(request("cf/cell/0"))), meters);

      assertThat(slow.allocate(request("cf/cell/1")).blocks().get(0).block())
          .hasToString("10.0.0.2/32");
    }
    assertThat(meters.counted("commitConflicts")).isEqualTo(1);
    assertThat(meters.outcomes("allocate")).containsExactly("ok");
  }

  @Test
  void a_store_that_is_away_is_an_outcome() {
    try (AllocationStore store = new MemoryStoreFactory().open("memory:")) {
      allocator(store, Meters.NONE).define(cells());
      PrefixAllocator away =
          allocator(
              before(
                  store,
                  () -> {
                    throw new StoreUnavailableException("away", true, null);
                  }),
              meters);

      assertThatThrownBy(() -> away.allocate(request("cf/cell/0"))).hasMessage("away");
    }
    assertThat(meters.outcomes("allocate")).containsExactly("unavailable");
  }

  private static PrefixAllocator allocator(AllocationStore store, Meters meters) {
    return new StoreBackedAllocator(
        store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, Clock.systemUTC(), meters);
  }

  /** A store before whose first commit something happens. */
  private static AllocationStore before(AllocationStore store, Runnable first) {
    boolean[] done = new boolean[1];
    return (AllocationStore)
        Proxy.newProxyInstance(
            AllocationStore.class.getClassLoader(),
            new Class<?>[] {AllocationStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commitAhead") && !done[0]) {
                done[0] = true;
                first.run();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  // Gauges

  @Test
  void gauges_tell_how_full_a_subnet_is_when_they_are_asked_to() {
    allocator.define(cells());
    allocator.allocate(request("cf/cell/0"));
    allocator.allocate(request("cf/cell/1"));
    allocator.retire(OwnerScope.below("cf/cell/1"));
    assertThat(meters.gauges("subnetBlocks")).isEmpty();

    dualstack.measure();

    assertThat(meters.gauges("subnetBlocks")).isEqualTo(Map.of(CELLS, 8.0));
    assertThat(meters.gauges("subnetAvailable")).isEqualTo(Map.of(CELLS, 4.0));
    assertThat(meters.gauges("subnetActive")).isEqualTo(Map.of(CELLS, 1.0));
    assertThat(meters.gauges("subnetObsolete")).isEqualTo(Map.of(CELLS, 1.0));
    assertThat(meters.gauges("subnetQuarantined")).isEqualTo(Map.of(CELLS, 0.0));
  }

  @Test
  void resting_blocks_have_a_gauge() {
    try (Dualstack resting =
        Dualstack.builder()
            .meters(meters)
            .allocator(AllocatorOptions.DEFAULT.withCoolDown(Duration.ofHours(1)))
            .build()) {
      resting.allocator().define(cells());
      resting.allocator().allocate(request("cf/cell/0"));
      resting.allocator().release(new Owner("cf/cell/0"));
      resting.measure();
    }
    assertThat(meters.gauges("subnetQuarantined")).isEqualTo(Map.of(CELLS, 1.0));
    assertThat(meters.gauges("subnetAvailable")).isEqualTo(Map.of(CELLS, 5.0));
  }

  @Test
  void each_address_space_that_is_used_has_gauges_of_its_own() {
    allocator.define(cells());
    dualstack.allocator(new AddressSpace("blue")).define(cells());

    dualstack.measure();

    assertThat(meters.gauges("subnetAvailable"))
        .isEqualTo(
            Map.of(
                CELLS,
                6.0,
                Map.of("space", "blue", "network", "cells", "range", "10.0.0.0/29"),
                6.0));
  }

  @Test
  void a_subnet_that_is_gone_has_no_number_any_more() {
    allocator.define(cells());
    dualstack.measure();
    dualstack.measureForecast(Duration.ofDays(7));
    allocator.define(NetworkSet.empty());

    dualstack.measure();
    dualstack.measureForecast(Duration.ofDays(7));

    for (String name :
        List.of(
            "subnetBlocks",
            "subnetAvailable",
            "subnetActive",
            "subnetObsolete",
            "subnetQuarantined",
            "subnetGrowthPerDay",
            "subnetUntilFullSeconds")) {
      assertThat(meters.gauges(name)).as(name).isEqualTo(Map.of(CELLS, Double.NaN));
    }
  }

  @Test
  void meters_that_throw_break_nothing() {
    ThrowingMeters throwing = new ThrowingMeters();
    try (Dualstack guarded = Dualstack.builder().meters(throwing).build()) {
      PrefixAllocator same = guarded.allocator();
      same.define(cells());
      assertThat(same.allocate(request("cf/cell/0")).blocks()).hasSize(1);
      assertThat(same.allocateAsync(request("cf/cell/1")).toCompletableFuture().join().blocks())
          .hasSize(1);
      guarded.measure();
      guarded.measureForecast(Duration.ofDays(7));
      assertThat(same.blocks(OwnerScope.below("cf"))).hasSize(2);
    }
    assertThat(throwing.calls()).isGreaterThan(10);
  }
}
