package io.dualstack.impl.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * What a service waits for: that the process is asked to end, by SIGTERM or SIGINT. The process
 * then ends when this is closed, after all that was opened later.
 */
final class Termination implements AutoCloseable {

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CountDownLatch done = new CountDownLatch(1);

  Termination() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::askAndWait, "termination"));
  }

  private void askAndWait() {
    asked.complete(null);
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes when the process is asked to end. */
  CompletableFuture<Void> asked() {
    return asked;
  }

  @Override
  public void close() {
    done.countDown();
  }
}
