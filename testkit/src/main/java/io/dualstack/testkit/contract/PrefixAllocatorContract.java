package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PrefixAllocator} must do. Extend it, say how to make one, and run it as a test
 * class.
 */
public abstract class PrefixAllocatorContract extends AllocatorAsyncContract {

  /** Creates the suite. */
  protected PrefixAllocatorContract() {}

  /**
   * Returns an allocator over the one store of this test; the first call of a test makes the store,
   * empty.
   *
   * @param options how the allocator behaves
   * @param time the clock it reads
   * @return an allocator that knows nothing but what the store tells it
   */
  @Override
  protected abstract PrefixAllocator allocator(AllocatorOptions options, Clock time);

  /**
   * Two allocators over one store, many threads.
   *
   * @throws Exception if a caller failed
   */
  @Test
  public void many_threads_over_two_allocators_never_get_overlapping_blocks() throws Exception {
    List<PrefixAllocator> allocators = List.of(allocator(), allocator());
    int callers = 16;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      work.add(
          threads.submit(
              () -> {
                PrefixAllocator allocator = allocators.get(caller % 2);
                for (int round = 0; round < 20; round++) {
                  String id = "vm/" + caller + "/" + round;
                  int length = 80 + 8 * (round % 7);
                  allocator.allocate(vm(id).from("cells", length).build());
                  if (round % 3 == 0) {
                    allocator.release(new Owner(id), "1");
                  }
                }
                return null;
              }));
    }
    for (Future<?> future : work) {
      future.get();
    }
    threads.shutdown();

    List<AllocatedBlock> held = allocators.get(0).blocks(OwnerScope.ALL);
    assertThat(held).hasSize(callers * 13);
    assertDisjoint(held);
    assertThat(allocators.get(0).utilization()).isEqualTo(allocators.get(1).utilization());
  }

  /**
   * The same owner from many threads.
   *
   * @throws Exception if a caller failed
   */
  @Test
  public void one_owner_asking_from_many_threads_gets_one_answer() throws Exception {
    List<PrefixAllocator> allocators = List.of(allocator(), allocator());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Allocation>> answers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      PrefixAllocator allocator = allocators.get(i % 2);
      answers.add(
          threads.submit(() -> allocator.allocate(vm("a").from("v4").from("cells").build())));
    }
    Set<List<String>> distinct = new HashSet<>();
    for (Future<Allocation> answer : answers) {
      distinct.add(texts(answer.get()));
    }
    threads.shutdown();

    assertThat(distinct).hasSize(1);
    assertThat(allocators.get(0).blocks(OwnerScope.ALL)).hasSize(2);
  }

  /** A new allocator sees all that an earlier one did. */
  @Test
  public void an_allocator_opened_later_goes_on_where_the_earlier_one_ended() {
    PrefixAllocator before = allocator();
    before.apply(cells(NETWORKS, 5));

    PrefixAllocator after = allocator(AllocatorOptions.DEFAULT, clock);

    assertThat(after.networks()).isEqualTo(NETWORKS);
    assertThat(after.utilization()).isEqualTo(before.utilization());
    assertThat(texts(after.allocate(vm("next").from("cells").build())))
        .containsExactly("2001:db8:4e04:d139:6::/80");
  }
}
