package io.dualstack.spi.aws;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long EC2 is waited for in one operation. Not thread-safe. */
final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final long start = System.nanoTime();
  private final Duration limit;
  private Duration next;

  Patience(Duration limit, Duration first) {
    this.limit = limit;
    this.next = first.compareTo(LONGEST) > 0 ? LONGEST : first;
  }

  boolean isOver() {
    return left() <= 0;
  }

  private long left() {
    return limit.toNanos() - (System.nanoTime() - start);
  }

  /**
   * Waits a little, longer from time to time.
   *
   * @param what what is waited for, as the start of a sentence
   * @throws io.dualstack.ProviderException if it has taken too long, or the thread is interrupted
   */
  void sleep(String what) {
    long left = left();
    if (left <= 0) {
      throw AwsFailures.unavailable(
          "%s for %d seconds; ask again, or raise \"timeout_seconds\""
              .formatted(what, limit.toSeconds()));
    }
    long nanos = next.toNanos();
    // Half of it at random, so that NICs made together aren't all asked about together.
    nanos = nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
    next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
    try {
      Thread.sleep(Duration.ofNanos(Math.min(nanos, left)).toMillis() + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AwsFailures.unavailable("interrupted while " + what + "; ask again to finish it");
    }
  }
}
