package io.dualstack.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Lets several threads begin at the same moment, and gathers what each of them brings back. */
final class Race {
  private Race() {}

  /**
   * Runs one task on each of several threads and waits for all of them.
   *
   * @return the results by runner
   * @throws AssertionError if one of them failed, with its failure as the cause
   */
  static <T> List<T> run(int runners, IntFunction<Callable<T>> taskOf) {
    ExecutorService threads = Executors.newFixedThreadPool(runners);
    try {
      CyclicBarrier start = new CyclicBarrier(runners);
      List<Future<T>> running = new ArrayList<>();
      for (int n = 0; n < runners; n++) {
        Callable<T> task = taskOf.apply(n);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : running) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
