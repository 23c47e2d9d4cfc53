package io.dualstack.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only moves when a test moves it. Thread-safe. */
public final class TestClock extends Clock {

  private volatile Instant now;

  private TestClock(Instant start) {
    this.now = start;
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
  public synchronized Instant advance(Duration step) {
    now = now.plus(step);
    return now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(now, zone);
  }
}
