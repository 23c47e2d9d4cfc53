package io.dualstack.impl.firewall.backend;

import io.dualstack.Meters;
import io.dualstack.firewall.BackendKind;
import io.dualstack.impl.metrics.MeterNames;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tells meters what all back ends of a process have in force together, by kind: what each was told
 * itself, as rules of other processes are not known to it. Thread-safe.
 */
public final class FirewallMeters {
  /** Tells nobody. */
  public static final FirewallMeters NONE = new FirewallMeters(Meters.NONE);

  private final Meters meters;
  private final Map<BackendKind, Sum> sums = new EnumMap<>(BackendKind.class);

  /** Guarded by what it is in. */
  private static final class Sum {
    long containers;
    long rules;
  }

  /**
   * Creates what is shared by the back ends of a process.
   *
   * @param meters never throw
   */
  public FirewallMeters(Meters meters) {
    this.meters = meters;
  }

  boolean areOff() {
    return meters == Meters.NONE;
  }

  Meters meters() {
    return meters;
  }

  /** There are so many more, or fewer. */
  synchronized void add(BackendKind kind, long containers, long rules) {
    Sum sum = sums.computeIfAbsent(kind, key -> new Sum());
    sum.containers += containers;
    sum.rules += rules;
    Map<String, String> labels = labels(kind);
    meters.gauge(MeterNames.FIREWALL_CONTAINERS, labels, sum.containers);
    meters.gauge(MeterNames.FIREWALL_RULES, labels, sum.rules);
  }

  static Map<String, String> labels(BackendKind kind) {
    return Map.of("backend", kind.label());
  }
}
