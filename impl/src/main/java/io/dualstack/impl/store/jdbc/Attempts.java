package io.dualstack.impl.store.jdbc;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Attempts at one thing, until patience ends. Waits longer and longer between them, and a random
 * part of that, so that those who got into each other's way don't do so again. For one thread.
 */
public final class Attempts {

  private static final long FIRST_NANOS = 2_000_000;
  private static final long MOST_NANOS = 500_000_000;

  private final long end;
  private long most = FIRST_NANOS;

  /** The first attempt begins now. */
  public Attempts(Duration patience) {
    end = System.nanoTime() + patience.toNanos();
  }

  /** Waits until the next attempt; false if patience has ended. Doesn't react to interruption. */
  public boolean again() {
    long next = System.nanoTime() + ThreadLocalRandom.current().nextLong(most / 2, most);
    if (next - end > 0) {
      return false;
    }
    most = Math.min(2 * most, MOST_NANOS);
    boolean interrupted = Thread.interrupted();
    for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
