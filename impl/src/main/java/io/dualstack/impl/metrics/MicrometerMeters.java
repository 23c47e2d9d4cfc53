package io.dualstack.impl.metrics;

import com.google.common.util.concurrent.AtomicDouble;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps numbers in a registry of Micrometer: {@code renewSuccess} is the counter, gauge or timer
 * {@code PREFIX_renew_success}. Thread-safe.
 */
final class MicrometerMeters implements Meters {
  private final MeterRegistry registry;
  private final String prefix;

  /** The registry itself holds what a gauge is of by a weak reference only. */
  private final Map<String, AtomicDouble> gauges = new ConcurrentHashMap<>();

  MicrometerMeters(MeterRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
  }

  @Override
  public void count(String name) {
    registry.counter(full(name)).increment();
  }

  @Override
  public void gauge(String name, double value) {
    gauges
        .computeIfAbsent(
            name, key -> Objects.requireNonNull(registry.gauge(full(key), new AtomicDouble(value))))
        .set(value);
  }

  @Override
  public void time(String name, Duration duration) {
    registry.timer(full(name)).record(duration);
  }

  private String full(String name) {
    StringBuilder snake = new StringBuilder(prefix).append('_');
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (Character.isUpperCase(letter) && i > 0) {
        snake.append('_');
      }
      snake.append(letter);
    }
    return snake.toString().toLowerCase(Locale.ROOT);
  }
}
