package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fast a subnet fills, by what the audit trail tells of the last time: the straight line that
 * fits best how much of it was taken, day by day.
 *
 * @param network the network's name
 * @param range the subnet's range
 * @param observed how long there is something to tell of, up to the window that was asked for
 * @param growthPerDay how many more blocks of the subnet's own length are taken each day; negative
 *     when it empties, 0 when nothing is known
 * @param untilFull how long until no block can be handed out dynamically if that goes on; null when
 *     it doesn't fill, or not within a hundred years
 */
public record Forecast(
    String network,
    IpPrefix range,
    Duration observed,
    double growthPerDay,
    @Nullable Duration untilFull) {

  /**
   * Checks that nothing is missing.
   *
   * @param network the network's name
   * @param range the subnet's range
   * @param observed how long there is something to tell of
   * @param growthPerDay how many more blocks are taken each day
   * @param untilFull how long until no block can be handed out
   */
  public Forecast {
    requireNonNull(network, "network");
    requireNonNull(range, "range");
    requireNonNull(observed, "observed");
  }

  /**
   * Returns how long until no block can be handed out dynamically.
   *
   * @return the time; empty when the subnet doesn't fill
   */
  public Optional<Duration> timeUntilFull() {
    return Optional.ofNullable(untilFull);
  }
}
