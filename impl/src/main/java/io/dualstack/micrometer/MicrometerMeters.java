package io.dualstack.micrometer;

import com.google.common.util.concurrent.AtomicDouble;
import io.dualstack.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps numbers in a registry of Micrometer: {@code subnetBlocks} is the meter {@code
 * PREFIX.subnet.blocks}, and its labels are tags. Thread-safe.
 *
 * <p>Two that are open at once in one registry need different prefixes, or common tags.
 */
public final class MicrometerMeters implements Meters {
  private final MeterRegistry registry;
  private final String prefix;
  private final Map<Id, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Id, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Id, AtomicDouble> gauges = new ConcurrentHashMap<>();

  private record Id(String name, Map<String, String> labels) {}

  /**
   * Creates meters whose names begin with {@code dualstack}.
   *
   * @param registry where they are kept, which stays the caller's to close
   */
  public MicrometerMeters(MeterRegistry registry) {
    this(registry, "dualstack");
  }

  /**
   * Creates meters.
   *
   * @param registry where they are kept, which stays the caller's to close
   * @param prefix what all names begin with
   */
  public MicrometerMeters(MeterRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
  }

  @Override
  public void count(String name, Map<String, String> labels, long times) {
    counters
        .computeIfAbsent(
            new Id(name, labels), id -> registry.counter(full(id.name()), tags(id.labels())))
        .increment(times);
  }

  @Override
  public void gauge(String name, Map<String, String> labels, double value) {
    gauges.computeIfAbsent(new Id(name, labels), this::gauge).set(value);
  }

  private AtomicDouble gauge(Id id) {
    AtomicDouble value = new AtomicDouble();
    Gauge registered =
        Gauge.builder(full(id.name()), value, AtomicDouble::get)
            .tags(tags(id.labels()))
            .strongReference(true)
            .register(registry);
    assert registered.getId().getName().startsWith(prefix);
    return value;
  }

  @Override
  public void time(String name, Map<String, String> labels, Duration duration) {
    timers
        .computeIfAbsent(
            new Id(name, labels), id -> registry.timer(full(id.name()), tags(id.labels())))
        .record(duration);
  }

  private static Tags tags(Map<String, String> labels) {
    return Tags.of(labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList());
  }

  /** Registries make of dots what is usual with them. */
  private String full(String name) {
    StringBuilder dotted = new StringBuilder(prefix).append('.');
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (Character.isUpperCase(letter) && i > 0) {
        dotted.append('.');
      }
      dotted.append(letter);
    }
    return dotted.toString().toLowerCase(Locale.ROOT);
  }
}
