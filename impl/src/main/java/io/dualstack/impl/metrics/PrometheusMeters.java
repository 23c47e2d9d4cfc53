package io.dualstack.impl.metrics;

import io.dualstack.Meters;
import io.dualstack.MissingDependencyException;
import io.dualstack.micrometer.MicrometerMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Numbers for Prometheus to fetch: {@code renewSuccess} becomes {@code PREFIX_renew_success_total}
 * when counted, {@code PREFIX_renew_success} as a gauge, and {@code PREFIX_renew_success_seconds}
 * with {@code _sum}, {@code _count} and {@code _max} when timed. Thread-safe.
 */
public final class PrometheusMeters implements Meters {
  private final Meters meters;
  private final Supplier<String> text;

  private PrometheusMeters(Meters meters, Supplier<String> text) {
    this.meters = meters;
    this.text = text;
  }

  /**
   * Makes an empty set of meters.
   *
   * @param feature who needs them, for the message
   * @param prefix what all names start with
   * @throws MissingDependencyException without Micrometer and its registry for Prometheus
   */
  public static PrometheusMeters of(String feature, String prefix) {
    try {
      return Registry.open(prefix);
    } catch (NoClassDefFoundError e) {
      throw new MissingDependencyException(
          feature, "io.micrometer:micrometer-registry-prometheus", e);
    }
  }

  /** A class of its own, as one that names missing classes can't even be linked. */
  private static final class Registry {
    static PrometheusMeters open(String prefix) {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      return new PrometheusMeters(new MicrometerMeters(registry, prefix), registry::scrape);
    }
  }

  @Override
  public void count(String name, Map<String, String> labels, long times) {
    meters.count(name, labels, times);
  }

  @Override
  public void gauge(String name, Map<String, String> labels, double value) {
    meters.gauge(name, labels, value);
  }

  @Override
  public void time(String name, Map<String, String> labels, Duration duration) {
    meters.time(name, labels, duration);
  }

  /** Returns all numbers in Prometheus' text format. */
  public String text() {
    return text.get();
  }
}
