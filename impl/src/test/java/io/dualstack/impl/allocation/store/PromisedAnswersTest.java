package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers that don't wait: who writes for them, who tells them, and when. */
class PromisedAnswersTest {

  private static final Consumer<List<Integer>> NOTHING_LEFT = answers -> {};

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());

  /** How many groups may be written. */
  private final Semaphore writes = new Semaphore(0);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private List<Integer> write(List<Integer> group) {
    groups.add(List.copyOf(group));
    writes.acquireUninterruptibly();
    return group;
  }

  private static GroupCommit<Integer, Integer> commits(
      Function<List<Integer>, List<Integer>> writer,
      Consumer<List<Integer>> finisher,
      Executor threads,
      int most) {
    return new GroupCommit<>(writer, finisher, request -> 1, 100, threads, most);
  }

  private static CompletableFuture<Integer> submit(
      GroupCommit<Integer, Integer> commits, int request) {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    commits.submit(request, done -> tell(answer, done));
    return answer;
  }

  private static void tell(CompletableFuture<Integer> answer, GroupCommit.Outcome<Integer> done) {
    try {
      answer.complete(done.answer());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  @Test
  void who_comes_during_a_write_shares_the_next_one_whether_he_waits_or_not() throws Exception {
    GroupCommit<Integer, Integer> commits = commits(this::write, NOTHING_LEFT, threads, 100);

    CompletableFuture<Integer> first = submit(commits, 0);
    awaitGroups(1);
    CompletableFuture<Integer> promised = submit(commits, 1);
    Future<Integer> waiting = submitAndWait(commits, 2);
    CompletableFuture<Integer> last = submit(commits, 3);
    writes.release(2);

    assertThat(List.of(first.get(), promised.get(), waiting.get(), last.get()))
        .containsExactly(0, 1, 2, 3);
    assertThat(groups).containsExactly(List.of(0), List.of(1, 2, 3));
  }

  @Test
  void nobody_is_told_before_his_group_is_finished() throws Exception {
    CountDownLatch finishing = new CountDownLatch(1);
    CountDownLatch flushed = new CountDownLatch(1);
    GroupCommit<Integer, Integer> commits =
        commits(
            group -> group,
            answers -> {
              finishing.countDown();
              awaitQuietly(flushed);
            },
            threads,
            100);

    CompletableFuture<Integer> answer = submit(commits, 7);
    finishing.await();

    assertThat(answer).isNotDone();
    flushed.countDown();
    assertThat(answer.get()).isEqualTo(7);
  }

  @Test
  void who_can_not_be_finished_is_told_the_failure() {
    GroupCommit<Integer, Integer> commits =
        commits(
            group -> group,
            answers -> {
              throw new StoreUnavailableException("store: no flush", false, null);
            },
            threads,
            100);

    CompletableFuture<Integer> answer = submit(commits, 7);

    assertThatThrownBy(answer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("store: no flush");
  }

  @Test
  void a_caller_that_waits_never_runs_what_another_is_told() throws Exception {
    GroupCommit<Integer, Integer> commits = commits(this::write, NOTHING_LEFT, threads, 100);
    CompletableFuture<Thread> teller = new CompletableFuture<>();

    Future<Integer> first = submitAndWait(commits, 0);
    Thread[] leader = new Thread[1];
    Future<Integer> second = submitAndWait(commits, 1, leader);
    commits.submit(2, done -> teller.complete(Thread.currentThread()));
    writes.release(2);

    assertThat(first.get()).isZero();
    assertThat(second.get()).isEqualTo(1);
    assertThat(teller.get()).isNotIn(leader[0], Thread.currentThread());
    assertThat(groups).containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void who_is_told_may_submit_and_wait() throws Exception {
    GroupCommit<Integer, Integer> commits = commits(group -> group, NOTHING_LEFT, threads, 100);
    CompletableFuture<Integer> sum = new CompletableFuture<>();

    commits.submit(1, done -> sum.complete(done.answer() + commits.submit(2)));

    assertThat(sum.get()).isEqualTo(3);
  }

  @Test
  void with_too_many_under_way_further_callers_wait_for_their_answer() throws Exception {
    GroupCommit<Integer, Integer> commits = commits(this::write, NOTHING_LEFT, threads, 2);
    CompletableFuture<Integer> first = submit(commits, 0);
    awaitGroups(1);
    CompletableFuture<Integer> second = submit(commits, 1);

    Thread[] caller = new Thread[1];
    CountDownLatch started = new CountDownLatch(1);
    Future<Boolean> third =
        threads.submit(
            () -> {
              caller[0] = Thread.currentThread();
              started.countDown();
              return submit(commits, 2).isDone();
            });
    started.await();
    awaitParked(caller[0]);
    writes.release(2);

    assertThat(third.get()).isTrue();
    assertThat(first.get()).isZero();
    assertThat(second.get()).isEqualTo(1);
    // There is room again.
    CompletableFuture<Integer> fourth = submit(commits, 3);
    assertThat(fourth).isNotDone();
    writes.release();
    assertThat(fourth.get()).isEqualTo(3);
  }

  @Test
  void where_no_thread_can_be_had_callers_lead_for_those_that_do_not_wait() throws Exception {
    Executor none =
        task -> {
          throw new RejectedExecutionException();
        };
    GroupCommit<Integer, Integer> commits = commits(this::write, NOTHING_LEFT, none, 100);

    Future<Integer> first = submitAndWait(commits, 0);
    CompletableFuture<Integer> second = submit(commits, 1);
    writes.release(3);

    assertThat(first.get()).isZero();
    assertThat(second.get()).isEqualTo(1);
    assertThat(submit(commits, 2)).isCompletedWithValue(2);
  }

  @Test
  void every_request_of_many_callers_is_written_once_and_answered() throws Exception {
    GroupCommit<Integer, Integer> commits =
        commits(
            group -> {
              groups.add(List.copyOf(group));
              return group.stream().map(request -> -request).toList();
            },
            NOTHING_LEFT,
            threads,
            50);

    List<Future<Boolean>> runners = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      int base = 2_000 * thread;
      runners.add(
          threads.submit(
              () ->
                  IntStream.range(base, base + 2_000)
                      .mapToObj(
                          request ->
                              request % 5 == 0
                                  ? CompletableFuture.completedFuture(commits.submit(request))
                                      .thenApply(answer -> answer == -request)
                                  : submit(commits, request)
                                      .thenApply(answer -> answer == -request))
                      .toList()
                      .stream()
                      .allMatch(CompletableFuture::join)));
    }

    for (Future<Boolean> runner : runners) {
      assertThat(runner.get()).isTrue();
    }
    assertThat(groups.stream().flatMap(List::stream)).hasSize(16_000).doesNotHaveDuplicates();
  }

  /** Submits on another thread, and returns when that sleeps or is in the writer. */
  private Future<Integer> submitAndWait(GroupCommit<Integer, Integer> commits, int request)
      throws InterruptedException {
    return submitAndWait(commits, request, new Thread[1]);
  }

  private Future<Integer> submitAndWait(
      GroupCommit<Integer, Integer> commits, int request, Thread[] caller)
      throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Future<Integer> answer =
        threads.submit(
            () -> {
              caller[0] = Thread.currentThread();
              started.countDown();
              return commits.submit(request);
            });
    started.await();
    awaitParked(caller[0]);
    return answer;
  }

  private void awaitGroups(int count) {
    while (groups.size() < count) {
      Thread.onSpinWait();
    }
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
