package io.dualstack.impl.policy.agent;

import io.dualstack.Meters;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells meters how long steps take. */
record Stopwatch(Meters meters) {
  <T> T timed(String name, Supplier<T> step) {
    long start = System.nanoTime();
    try {
      return step.get();
    } finally {
      meters.time(name, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  void run(String name, Runnable step) {
    Object done =
        timed(
            name,
            () -> {
              step.run();
              return name;
            });
    assert done.equals(name);
  }
}
