package io.dualstack.impl.lease;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps numbers in memory and writes them in Prometheus' text format: {@code renewSuccess} becomes
 * {@code PREFIX_renew_success_total} when counted, {@code PREFIX_renew_success} as a gauge, and
 * {@code PREFIX_renew_success_seconds_sum} and {@code …_count} when timed. Thread-safe.
 */
public final class PrometheusMeters implements Meters {

  private record Series(String type, Map<String, Double> samples) {}

  private final String prefix;
  private final Map<String, Series> series = new TreeMap<>();

  /** Makes an empty set of meters whose names start with the prefix. */
  public PrometheusMeters(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public synchronized void count(String name) {
    String full = full(name) + "_total";
    samples(full, "counter").merge(full, 1.0, Double::sum);
  }

  @Override
  public synchronized void gauge(String name, double value) {
    String full = full(name);
    samples(full, "gauge").put(full, value);
  }

  @Override
  public synchronized void time(String name, Duration duration) {
    String full = full(name) + "_seconds";
    Map<String, Double> samples = samples(full, "summary");
    samples.merge(full + "_count", 1.0, Double::sum);
    samples.merge(full + "_sum", duration.toNanos() / 1e9, Double::sum);
  }

  private Map<String, Double> samples(String full, String type) {
    return series.computeIfAbsent(full, any -> new Series(type, new TreeMap<>())).samples();
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

  /** Returns all numbers, sorted by name. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    series.forEach(
        (name, each) -> {
          text.append("# TYPE ").append(name).append(' ').append(each.type()).append('\n');
          each.samples()
              .forEach(
                  (sample, value) -> text.append(sample).append(' ').append(value).append('\n'));
        });
    return text.toString();
  }
}
