package io.dualstack.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that only moves when a test moves it. Thread-safe. */
public final class TestClock extends Clock {

  private final AtomicReference<Instant> now;

  private TestClock(Instant start) {
    this.now = new AtomicReference<>(start);
  }

  /**
   * Returns a clock that stands at noon UTC of the first of June 2025.
   *
   * @return the clock
   */
  public static TestClock atNoon() {
    return new TestClock(Instant.parse("2025-06-01T12:00:00Z"));
  }

  /**
   * Moves the clock.
   *
   * @param step how far; backwards if negative
   * @return the time afterwards
   */
  public Instant advance(Duration step) {
    return now.updateAndGet(time -> time.plus(step));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(now.get(), zone);
  }
}
