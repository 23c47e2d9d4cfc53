package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.PoolExhaustedException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.ReleaseOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What an allocator does for callers that don't wait: the same. */
abstract class AllocatorAsyncContract extends AllocatorPlanContract {

  AllocatorAsyncContract() {}

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }

  /**
   * One answer for one owner, however it asks.
   *
   * @throws Exception if a call failed
   */
  @Test
  public void asking_asynchronously_gets_what_asking_and_waiting_gets() throws Exception {
    PrefixAllocator allocator = allocator();

    Allocation asynchronous =
        answer(allocator.allocateAsync(vm("a").from("v4").from("cells").build()));

    assertThat(texts(asynchronous)).containsExactly("192.0.2.4/32", "2001:db8:4e04:d139:1::/80");
    assertThat(allocator.allocate(vm("a").from("v4").from("cells").build()))
        .isEqualTo(asynchronous);
    assertThat(allocator(AllocatorOptions.DEFAULT, clock).find(new Owner("a")))
        .contains(asynchronous);
  }

  /**
   * Compare and release.
   *
   * @throws Exception if a call failed
   */
  @Test
  public void releasing_asynchronously_compares_the_life_too() throws Exception {
    PrefixAllocator allocator = allocator();
    Owner a = new Owner("a");
    Owner b = new Owner("b");
    AllocatedBlock held = allocator.allocate(vm("a").from("v4").build()).blocks().get(0);
    allocator.allocate(vm("b").from("v4").build());

    assertThat(answer(allocator.releaseAsync(a, "0")))
        .isEqualTo(new ReleaseOutcome.HeldByAnotherIncarnation(held));
    assertThat(answer(allocator.releaseAsync(a, "1")))
        .isEqualTo(new ReleaseOutcome.Released(List.of(held)));
    assertThat(answer(allocator.releaseAsync(b))).isInstanceOf(ReleaseOutcome.Released.class);
    assertThat(answer(allocator.releaseAsync(b))).isEqualTo(new ReleaseOutcome.NothingHeld());
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
  }

  /** The blocking method's exception, not one around it. */
  @Test
  public void a_failure_is_the_stages_exception_and_leaves_nothing() {
    PrefixAllocator allocator = allocator();

    CompletionStage<Allocation> stage =
        allocator.allocateAsync(vm("a").from("v4").from("cells", 64).build());

    CompletableFuture<Throwable> told = new CompletableFuture<>();
    stage.whenComplete((allocation, failure) -> told.complete(failure));
    assertThat(told.join()).isInstanceOf(PoolExhaustedException.class);
    assertThatThrownBy(() -> answer(stage))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(PoolExhaustedException.class);
    assertThat(allocator.blocks(OwnerScope.ALL)).isEmpty();
  }

  /**
   * Ceasing to wait takes nothing back, and who knows the owner can.
   *
   * @throws Exception if a call failed
   */
  @Test
  public void who_ceases_to_wait_can_still_release() throws Exception {
    PrefixAllocator allocator = allocator();

    CompletionStage<Allocation> stage = allocator.allocateAsync(vm("a").from("v4").build());
    stage.toCompletableFuture().cancel(true);

    assertThat(texts(answer(stage))).containsExactly("192.0.2.4/32");
    assertThat(allocator.release(new Owner("a"))).isInstanceOf(ReleaseOutcome.Released.class);
  }

  /** A stage's dependents may use the allocator, also wait for it. */
  @Test
  public void what_runs_when_a_stage_completes_may_call_the_allocator() {
    PrefixAllocator allocator = allocator();

    CompletionStage<ReleaseOutcome> released =
        allocator
            .allocateAsync(vm("a").from("v4").build())
            .thenApply(first -> allocator.allocate(vm("b").from("v4").build()))
            .thenCompose(second -> allocator.releaseAsync(second.owner()));

    assertThat(released.toCompletableFuture().join()).isInstanceOf(ReleaseOutcome.Released.class);
    assertThat(allocator.find(new Owner("a"))).isPresent();
  }

  /** Two allocators over one store, many calls under way, some of which free again. */
  @Test
  public void many_calls_under_way_never_get_overlapping_blocks() {
    List<PrefixAllocator> allocators = List.of(allocator(), allocator());
    List<CompletableFuture<?>> work = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      PrefixAllocator allocator = allocators.get(i % 2);
      String id = "vm/" + i;
      boolean again = i % 3 == 0;
      work.add(
          allocator
              .allocateAsync(vm(id).from("cells", 80 + 8 * (i % 7)).build())
              .thenCompose(
                  allocation ->
                      again
                          ? allocator.releaseAsync(allocation.owner(), "1")
                          : CompletableFuture.completedStage(null))
              .toCompletableFuture());
    }
    work.forEach(CompletableFuture::join);

    List<AllocatedBlock> held = allocators.get(0).blocks(OwnerScope.ALL);
    assertThat(held).hasSize(200);
    assertDisjoint(held);
    assertThat(allocators.get(0).utilization()).isEqualTo(allocators.get(1).utilization());
  }
}
