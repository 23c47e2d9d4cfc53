package io.dualstack.impl.allocation;

import io.dualstack.Meters;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.Utilization;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.net.IpPrefix;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells meters how full each subnet of a space is, and what no longer is one. Thread-safe. */
public final class SubnetGauges {
  private final Meters meters;
  private final AddressSpace space;
  private final Told usage =
      new Told(
          List.of(
              MeterNames.SUBNET_BLOCKS,
              MeterNames.SUBNET_AVAILABLE,
              MeterNames.SUBNET_ACTIVE,
              MeterNames.SUBNET_OBSOLETE,
              MeterNames.SUBNET_QUARANTINED));
  private final Told forecasts =
      new Told(List.of(MeterNames.SUBNET_GROWTH_PER_DAY, MeterNames.SUBNET_UNTIL_FULL));

  public SubnetGauges(Meters meters, AddressSpace space) {
    this.meters = meters;
    this.space = space;
  }

  /** Tells how full subnets are. */
  public synchronized void usage(List<Utilization> subnets) {
    for (Utilization subnet : subnets) {
      usage.tell(
          labels(subnet.network(), subnet.range()),
          subnet.total().doubleValue(),
          subnet.available().doubleValue(),
          subnet.active(),
          subnet.obsolete(),
          subnet.quarantined());
    }
    usage.endOfRound();
  }

  /** Tells when subnets will be full; never is infinite. */
  public synchronized void forecasts(List<Forecast> subnets) {
    for (Forecast subnet : subnets) {
      forecasts.tell(
          labels(subnet.network(), subnet.range()),
          subnet.growthPerDay(),
          subnet
              .timeUntilFull()
              .map(time -> (double) time.toSeconds())
              .orElse(Double.POSITIVE_INFINITY));
    }
    forecasts.endOfRound();
  }

  private Map<String, String> labels(String network, IpPrefix range) {
    return Map.of("space", space.name(), "network", network, "range", range.toString());
  }

  /** Gauges that subnets have, and which subnets had them. */
  private final class Told {
    private final List<String> names;
    private Set<Map<String, String>> before = new HashSet<>();
    private Set<Map<String, String>> now = new HashSet<>();

    Told(List<String> names) {
      this.names = names;
    }

    void tell(Map<String, String> labels, double... values) {
      now.add(labels);
      for (int i = 0; i < values.length; i++) {
        meters.gauge(names.get(i), labels, values[i]);
      }
    }

    void endOfRound() {
      before.removeAll(now);
      for (Map<String, String> gone : before) {
        names.forEach(name -> meters.gauge(name, gone, Double.NaN));
      }
      before = now;
      now = new HashSet<>();
    }
  }
}
