package io.dualstack.impl.metrics;

import io.dualstack.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails whatever it is told, half of the times by an error. */
public final class ThrowingMeters implements Meters {
  private final AtomicInteger calls = new AtomicInteger();

  @Override
  public void count(String name, Map<String, String> labels, long times) {
    fail(name);
  }

  @Override
  public void gauge(String name, Map<String, String> labels, double value) {
    fail(name);
  }

  @Override
  public void time(String name, Map<String, String> labels, Duration duration) {
    fail(name);
  }

  private void fail(String name) {
    if (calls.incrementAndGet() % 2 == 0) {
      throw new NoClassDefFoundError(name);
    }
    throw new IllegalStateException(name);
  }

  /** How often it was called. */
  public int calls() {
    return calls.get();
  }
}
