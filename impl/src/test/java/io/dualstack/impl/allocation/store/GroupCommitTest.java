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
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final Consumer<List<Integer>> NOTHING_LEFT = answers -> {};

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
            NOTHING_LEFT,
            request -> 1,
            100);

    assertThat(commits.submit(7)).isEqualTo(7);
    assertThat(commits.submit(8)).isEqualTo(8);

    assertThat(writers).containsOnly(Thread.currentThread());
  }

  @Test
  void who_comes_during_a_write_shares_the_next_one() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(gate::write, NOTHING_LEFT, request -> 1, 100);

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
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(gate::write, NOTHING_LEFT, request -> request, 10);

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
            NOTHING_LEFT,
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
  void the_next_group_is_written_while_one_is_finished() throws Exception {
    CountDownLatch finishing = new CountDownLatch(1);
    CountDownLatch secondWritten = new CountDownLatch(1);
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            group -> {
              if (group.contains(2)) {
                secondWritten.countDown();
              }
              return group;
            },
            answers -> {
              if (answers.contains(1)) {
                finishing.countDown();
                awaitQuietly(secondWritten);
              }
            },
            request -> 1,
            100);

    Future<Integer> first = threads.submit(() -> commits.submit(1));
    finishing.await();
    Future<Integer> second = threads.submit(() -> commits.submit(2));

    assertThat(first.get()).isEqualTo(1);
    assertThat(second.get()).isEqualTo(2);
  }

  @Test
  void who_can_not_be_finished_gets_the_failure_instead_of_the_answer() {
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            group -> group,
            answers -> {
              if (answers.contains(3)) {
                throw new StoreUnavailableException("store: no flush", false, null);
              }
            },
            request -> 1,
            100);

    assertThatThrownBy(() -> commits.submit(3))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("store: no flush");
    assertThat(commits.submit(4)).isEqualTo(4);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void interruption_is_noticed_afterwards() throws Exception {
    Gate gate = new Gate();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(gate::write, NOTHING_LEFT, request -> 1, 100);
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
            NOTHING_LEFT,
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
