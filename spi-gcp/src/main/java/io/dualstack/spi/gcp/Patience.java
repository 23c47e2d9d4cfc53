package io.dualstack.spi.gcp;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** How long and how often the provider waits. Thread-safe. */
final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final Duration MOST_ASKED = Duration.ofMinutes(2);

  /** Lets time pass. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private final int attempts;
  private final Duration timeout;
  private final Duration backoff;
  private final Sleeper sleeper;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  Patience(
      int attempts,
      Duration timeout,
      Duration backoff,
      Sleeper sleeper,
      LongSupplier nanos,
      RandomGenerator random) {
    this.attempts = attempts;
    this.timeout = timeout;
    this.backoff = backoff;
    this.sleeper = sleeper;
    this.nanos = nanos;
    this.random = random;
  }

  /** How often a call is tried. */
  int attempts() {
    return attempts;
  }

  /** How long something may take to be ready. */
  Duration timeout() {
    return timeout;
  }

  /**
   * Waits before the next try: a random time up to a limit that doubles from try to try, so that
   * those who were refused together don't come back together.
   *
   * @param tries how many there were; 1 or more
   */
  void pause(int tries) {
    pause(tries, Duration.ZERO);
  }

  /**
   * Waits before the next try, at least as long as the service asks for.
   *
   * @param tries how many there were; 1 or more
   * @param asked what the service asks for; two minutes of it are granted
   */
  void pause(int tries, Duration asked) {
    Duration granted = asked.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : asked;
    long limit = Math.min(LONGEST.toNanos(), backoff.toNanos() * (1L << Math.min(tries - 1, 20)));
    try {
      sleeper.sleep(granted.plusNanos(random.nextLong(limit / 2, limit + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          GcpNetworkProvider.NAME,
          Reason.UNAVAILABLE,
          true,
          "interrupted while waiting for Compute Engine; ask again to finish",
          e);
    }
  }

  /** Returns a point in time after which nothing is waited for any more. */
  Deadline deadline() {
    long end = nanos.getAsLong() + timeout.toNanos();
    return () -> nanos.getAsLong() - end >= 0;
  }

  /** The end of waiting. */
  @FunctionalInterface
  interface Deadline {
    boolean isOver();
  }
}
