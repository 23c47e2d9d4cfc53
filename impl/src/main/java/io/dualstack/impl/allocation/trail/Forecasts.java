package io.dualstack.impl.allocation.trail;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.allocation.Utilization;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.net.IpPrefix;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the audit trail of a space from its beginning, and tells when each subnet is full. */
public final class Forecasts {

  private static final Duration DAY = Duration.ofDays(1);
  private static final double TOO_FAR = 100 * 365.25;

  private record Pool(Utilization subnet, Trend trend) {}

  private final List<Pool> pools = new ArrayList<>();
  private final Map<IpPrefix, List<Pool>> byRange = new HashMap<>();
  private final Set<Integer> rangeLengths = new HashSet<>();

  /** What is held by the lines so far: a line says what became of a block, not what it was. */
  private final Set<IpPrefix> held = new HashSet<>();

  private final Instant now;
  private final int window;
  private @Nullable Instant first;

  private Forecasts(List<Utilization> subnets, Duration window, Instant now) {
    this.now = now;
    this.window = Math.toIntExact(Math.max(1, window.toDays()));
    for (Utilization subnet : subnets) {
      Pool pool = new Pool(subnet, new Trend(now, this.window));
      pools.add(pool);
      byRange.computeIfAbsent(subnet.range(), range -> new ArrayList<>()).add(pool);
      rangeLengths.add(subnet.range().length());
    }
  }

  /**
   * Forecasts.
   *
   * @param subnets how full they are now
   * @param window how far to look back, in whole days
   * @return one for each subnet, in their order
   */
  public static List<Forecast> of(
      AllocationStore store,
      AddressSpace space,
      List<Utilization> subnets,
      Duration window,
      Instant now) {
    Forecasts forecasts = new Forecasts(subnets, window, now);
    for (HistoryEntry line : new TrailPages(store, space, 0, store.revision())) {
      forecasts.take(line);
    }
    return forecasts.all();
  }

  private void take(HistoryEntry line) {
    if (first == null) {
      first = line.at();
    }
    IpPrefix block = line.block().block();
    boolean freed = line.event() == Event.FREED;
    if (freed ? !held.remove(block) : !held.add(block)) {
      return;
    }
    for (int length : rangeLengths) {
      if (length <= block.length()) {
        for (Pool pool :
            byRange.getOrDefault(IpPrefix.containing(block.first(), length), List.of())) {
          double share = shareOf(block, pool.subnet().prefixLength());
          pool.trend().change(line.at(), freed ? -share : share);
        }
      }
    }
  }

  /** A block that is smaller than those that are handed out keeps one of them from being so. */
  private static double shareOf(IpPrefix block, int prefixLength) {
    return Math.pow(2, Math.max(0, prefixLength - block.length()));
  }

  private List<Forecast> all() {
    Duration observed =
        first == null || first.isAfter(now) ? Duration.ZERO : Duration.between(first, now);
    if (observed.compareTo(DAY.multipliedBy(window)) > 0) {
      observed = DAY.multipliedBy(window);
    }
    List<Forecast> all = new ArrayList<>();
    for (Pool pool : pools) {
      double perDay = pool.trend().perDay((int) observed.toDays());
      Utilization subnet = pool.subnet();
      all.add(
          new Forecast(
              subnet.network(), subnet.range(), observed, perDay, untilFull(subnet, perDay)));
    }
    return all;
  }

  private static @Nullable Duration untilFull(Utilization subnet, double perDay) {
    if (subnet.available().signum() == 0) {
      return Duration.ZERO;
    }
    double days = new BigDecimal(subnet.available()).doubleValue() / perDay;
    return perDay <= 0 || days > TOO_FAR
        ? null
        : Duration.ofSeconds((long) (days * DAY.toSeconds()));
  }
}
