package io.dualstack.impl.metrics;

import io.dualstack.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
public class RecordingMeters implements Meters {
  private final List<Told> counts = new CopyOnWriteArrayList<>();
  private final List<Told> gauges = new CopyOnWriteArrayList<>();
  private final List<Told> times = new CopyOnWriteArrayList<>();

  private record Told(String name, Map<String, String> labels, double value) {}

  @Override
  public void count(String name, Map<String, String> labels, long number) {
    counts.add(new Told(name, labels, number));
  }

  @Override
  public void gauge(String name, Map<String, String> labels, double value) {
    gauges.add(new Told(name, labels, value));
  }

  @Override
  public void time(String name, Map<String, String> labels, Duration duration) {
    times.add(new Told(name, labels, duration.toNanos()));
  }

  /** How often something was counted, whatever its labels. */
  public long counted(String name) {
    return counts.stream()
        .filter(told -> told.name().equals(name))
        .mapToLong(told -> (long) told.value())
        .sum();
  }

  /** The labels of all times of a name, in order. */
  public List<Map<String, String>> timed(String name) {
    return times.stream()
        .filter(told -> told.name().equals(name))
        .map(told -> Map.copyOf(told.labels()))
        .toList();
  }

  /** The outcomes of all times of a name, in order. */
  public List<String> outcomes(String name) {
    return timed(name).stream().map(labels -> labels.getOrDefault("outcome", "none")).toList();
  }

  /** The last values of a gauge by its labels. */
  public Map<Map<String, String>, Double> gauges(String name) {
    Map<Map<String, String>, Double> last = new HashMap<>();
    gauges.stream()
        .filter(told -> told.name().equals(name))
        .forEach(told -> last.put(told.labels(), told.value()));
    return last;
  }

  /** How much nanoseconds a name's times are together. */
  public double nanos(String name) {
    return times.stream().filter(told -> told.name().equals(name)).mapToDouble(Told::value).sum();
  }

  /** Nothing was told. */
  public boolean isEmpty() {
    List<Told> all = new ArrayList<>(counts);
    all.addAll(gauges);
    all.addAll(times);
    return all.isEmpty();
  }
}
