package io.dualstack.impl.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a person at a terminal that work goes on: after the first second, the seconds on one line
 * of standard error, wiped at the end. Says nothing where standard output is not a terminal.
 */
final class Progress implements AutoCloseable {

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread ticker;

  private Progress(String what) {
    ticker = new Thread(() -> tick(what), "progress");
    ticker.setDaemon(true);
  }

  static Progress of(String what) {
    Progress progress = new Progress(what);
    if (System.console() != null) {
      progress.ticker.start();
    }
    return progress;
  }

  private void tick(String what) {
    try {
      int seconds = 0;
      while (!ended.await(1, TimeUnit.SECONDS)) {
        seconds++;
        System.err.printf("\r%s, %d s", what, seconds);
        System.err.flush();
      }
      if (seconds > 0) {
        System.err.print("\r\033[K");
        System.err.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      ticker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
