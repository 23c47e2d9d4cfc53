package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void a_lone_caller_writes_on_its_own_thread() {
    List<Thread> writers = new ArrayList<>();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            group -> {
              writers.add(Thread.currentThread());
              return group;
            },
            request -> 1,
            100);

    assertThat(commits.submit(7)).isEqualTo(7);
    assertThat(commits.submit(8)).isEqualTo(8);

    assertThat(writers).containsOnly(Thread.currentThread());
  }

  @Test
  void who_comes_during_a_write_shares_the_next_one() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits = new GroupCommit<>(gate::write, request -> 1, 100);

    Future<Integer> first = threads.submit(() -> commits.submit(0));
    gate.awaitWriter();
    List<Future<Integer>> others = submitAll(commits, 1, 20);
    gate.open();

    assertThat(first.get()).isZero();
    for (int n = 0; n < others.size(); n++) {
      assertThat(others.get(n).get()).isEqualTo(n + 1);
    }
    assertThat(groups).hasSize(2);
    assertThat(groups.get(0)).containsExactly(0);
    assertThat(groups.get(1)).hasSize(20);
  }

  @Test
  void groups_are_no_heavier_than_asked_for() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits = new GroupCommit<>(gate::write, request -> request, 10);

    Future<Integer> first = threads.submit(() -> commits.submit(1));
    gate.awaitWriter();
    List<Future<Integer>> others = submitAll(commits, 4, 5);
    others.addAll(submitAll(commits, 25, 1));
    gate.open();
    first.get();
    for (Future<Integer> other : others) {
      other.get();
    }

    assertThat(groups)
        .allSatisfy(
            group ->
                assertThat(group.size() == 1 || group.stream().mapToInt(n -> n).sum() <= 10)
                    .isTrue());
    assertThat(groups.stream().flatMap(List::stream)).hasSize(7);
  }

  @Test
  void a_failure_is_the_failure_of_all_of_its_group_and_of_no_other() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            group -> {
              List<Integer> answers = gate.write(group);
              if (group.contains(3)) {
                throw new StoreUnavailableException("store: gone", true, null);
              }
              return answers;
            },
            request -> 1,
            100);

    Future<Integer> first = threads.submit(() -> commits.submit(0));
    gate.awaitWriter();
    List<Future<Integer>> others = submitAll(commits, 1, 5);
    gate.open();

    assertThat(first.get()).isZero();
    List<Throwable> failures = new ArrayList<>();
    for (Future<Integer> other : others) {
      assertThatThrownBy(other::get)
          .isInstanceOf(ExecutionException.class)
          .satisfies(failure -> failures.add(failure.getCause()));
    }
    assertThat(failures)
        .doesNotHaveDuplicates()
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        unavailable -> assertThat(unavailable.retryable()).isTrue())
                    .hasMessage("store: gone"));
    assertThat(commits.submit(9)).isEqualTo(9);
  }

  @Test
  void interruption_is_noticed_afterwards() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits = new GroupCommit<>(gate::write, request -> 1, 100);
    Thread[] waiter = new Thread[1];
    CountDownLatch started = new CountDownLatch(1);

    Future<Integer> first = threads.submit(() -> commits.submit(0));
    gate.awaitWriter();
    Future<Boolean> interrupted =
        threads.submit(
            () -> {
              waiter[0] = Thread.currentThread();
              started.countDown();
              return commits.submit(1) == 1 && Thread.interrupted();
            });
    started.await();
    awaitParked(waiter[0]);
    waiter[0].interrupt();
    gate.open();

    assertThat(first.get()).isZero();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void every_request_of_many_threads_is_written_once_and_answered() throws Exception {
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            group -> {
              groups.add(List.copyOf(group));
              return group.stream().map(request -> -request).toList();
            },
            request -> 1,
            7);

    List<Future<Boolean>> runners = new ArrayList<>();
    for (int thread = 0; thread < 32; thread++) {
      int base = 1_000 * thread;
      runners.add(
          threads.submit(
              () ->
                  IntStream.range(base, base + 1_000)
                      .allMatch(request -> commits.submit(request) == -request)));
    }

    for (Future<Boolean> runner : runners) {
      assertThat(runner.get()).isTrue();
    }
    assertThat(groups.stream().flatMap(List::stream)).hasSize(32_000).doesNotHaveDuplicates();
  }

  /**
   * Threads that are awake when they are answered go at once, and must not wake others before these
   * are answered too: they would go back to sleep for good.
   */
  @Test
  void nobody_sleeps_on_however_many_are_awake_already() throws Exception {
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(group -> group, request -> 1, Integer.MAX_VALUE);
    List<Thread> callers = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger running = new AtomicInteger(24);

    List<Future<Boolean>> runners = new ArrayList<>();
    for (int thread = 0; thread < 24; thread++) {
      runners.add(
          threads.submit(
              () -> {
                callers.add(Thread.currentThread());
                try {
                  return IntStream.range(0, 20_000).allMatch(n -> commits.submit(n) == n);
                } finally {
                  running.decrementAndGet();
                }
              }));
    }
    for (int n = 0; running.get() > 12; n++) {
      // Wakes for nothing, as the platform may: each finds itself not answered and sleeps on.
      if (!callers.isEmpty()) {
        LockSupport.unpark(callers.get(n % callers.size()));
      }
    }

    for (Future<Boolean> runner : runners) {
      assertThat(runner.get()).isTrue();
    }
  }

  /** Submits requests and returns when all of them wait. */
  private List<Future<Integer>> submitAll(
      GroupCommit<Integer, Integer> commits, int first, int count) throws Exception {
    List<Future<Integer>> futures = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int request = first + n;
      Thread[] runner = new Thread[1];
      CountDownLatch started = new CountDownLatch(1);
      futures.add(
          threads.submit(
              () -> {
                runner[0] = Thread.currentThread();
                started.countDown();
                return commits.submit(request);
              }));
      started.await();
      awaitParked(runner[0]);
    }
    return futures;
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /** A writer whose first write waits until it is let go. */
  private final class Gate {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final Semaphore opened = new Semaphore(0);

    List<Integer> write(List<Integer> group) {
      groups.add(List.copyOf(group));
      inside.countDown();
      opened.acquireUninterruptibly();
      opened.release();
      return group;
    }

    void awaitWriter() throws InterruptedException {
      inside.await();
    }

    void open() {
      opened.release();
    }
  }
}
