package io.dualstack.provider.support;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Runs the same step for many things, a limited number at a time. Thread-safe. */
final class SideBySide implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final String provider;
  private final ExecutorService threads;

  SideBySide(String provider, int concurrency) {
    this.provider = provider;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "dualstack-" + provider);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /** Returns what came of each, in order; a failure of one is thrown after all have ended. */
  <T, R> List<R> run(List<T> things, Function<? super T, ? extends R> step) {
    List<R> results = new ArrayList<>(things.size());
    if (things.size() == 1) {
      results.add(step.apply(things.get(0)));
      return results;
    }
    List<Callable<R>> calls = new ArrayList<>(things.size());
    things.forEach(thing -> calls.add(() -> step.apply(thing)));
    try {
      for (Future<R> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          provider,
          Reason.UNAVAILABLE,
          true,
          "interrupted before all was done; ask again to finish it",
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
