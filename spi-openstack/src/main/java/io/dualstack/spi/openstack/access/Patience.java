package io.dualstack.spi.openstack.access;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a request is tried again: exponential with full jitter, so that many
 * callers that were refused together don't come back together. Thread-safe.
 */
public final class Patience {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofSeconds(10);
  private static final Duration MOST_ASKED = Duration.ofMinutes(2);

  /** Lets time pass. */
  @FunctionalInterface
  public interface Sleeper {
    /**
     * Waits.
     *
     * @param duration how long
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;
  }

  private final int attempts;
  private final Sleeper sleeper;
  private final DoubleSupplier random;

  /**
   * Creates patience.
   *
   * @param attempts how often something is tried in all
   * @param sleeper lets time pass
   * @param random from 0 to below 1
   */
  public Patience(int attempts, Sleeper sleeper, DoubleSupplier random) {
    this.attempts = attempts;
    this.sleeper = sleeper;
    this.random = random;
  }

  /**
   * Returns how often something is tried in all.
   *
   * @return at least 1
   */
  public int attempts() {
    return attempts;
  }

  /**
   * Waits before the next try.
   *
   * @param tried how many tries there were, from 1
   * @param asked how long the service asks to wait at least; null if it doesn't
   */
  public void await(int tried, @Nullable Duration asked) {
    long most = FIRST.toMillis() << Math.min(tried - 1, 16);
    Duration wait =
        Duration.ofMillis((long) (random.getAsDouble() * Math.min(most, MOST.toMillis())));
    if (asked != null) {
      wait = wait.plus(asked.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : asked);
    }
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.unanswered(true, "interrupted while waiting for another try", e);
    }
  }
}
