package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a process as Cloud Controller tells it: an element of {@code
 * /v3/processes/:guid/stats}. Immutable.
 *
 * @param type the process's type, such as {@code web}
 * @param index the instance's index, from 0
 * @param state such as {@code RUNNING}, {@code STARTING}, {@code CRASHED} or {@code DOWN}; those of
 *     later versions are kept
 * @param routable whether routers send it requests; null where nothing is said
 * @param netInfo where it is; null if nothing is said, as of one that is down. The format has no
 *     preferred address: that is unknown
 * @param uptime how long it has been running; whole seconds, not negative
 * @param isolationSegment where it is placed; null if nowhere in particular
 * @param details why it isn't well; null if nothing is said
 * @param otherFields fields that are about other things than its addresses, such as {@code usage},
 *     kept as they are: JSON-like values
 */
public record ProcessStats(
    String type,
    int index,
    String state,
    @Nullable Boolean routable,
    @Nullable NetInfo netInfo,
    Duration uptime,
    @Nullable String isolationSegment,
    @Nullable String details,
    Map<String, Object> otherFields) {
  /** The state of an instance that isn't there. */
  public static final String DOWN = "DOWN";

  /**
   * Copies the fields and checks what can't be.
   *
   * @param type the process's type
   * @param index the instance's index, from 0
   * @param state such as {@code RUNNING}
   * @param routable whether routers send it requests; null where nothing is said
   * @param netInfo where it is; null if nothing is said
   * @param uptime how long it has been running; whole seconds, not negative
   * @param isolationSegment where it is placed; null if nowhere in particular
   * @param details why it isn't well; null if nothing is said
   * @param otherFields further fields
   * @throws IllegalArgumentException if the index or the time is negative, the time isn't of whole
   *     seconds, there is no state, or an address is given of an instance that is down
   */
  public ProcessStats {
    requireNonNull(type, "type");
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " is negative; count from 0");
    }
    if (state.isEmpty()) {
      throw new IllegalArgumentException("state: is empty; give one, such as RUNNING");
    }
    if (uptime.isNegative() || uptime.getNano() != 0) {
      throw new IllegalArgumentException(
          "uptime: " + uptime + " is no number of seconds; use 0 or more, without a fraction");
    }
    if (state.equals(DOWN) && netInfo != null) {
      throw new IllegalArgumentException(
          "netInfo: an instance that is DOWN has no address; leave it out");
    }
    otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
  }

  /**
   * Returns where the instance is.
   *
   * @return the net info; empty if nothing is said
   */
  public Optional<NetInfo> place() {
    return Optional.ofNullable(netInfo);
  }
}
