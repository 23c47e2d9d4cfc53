package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a router says of itself: when it starts, when it is back, and in answer to a greeting.
 *
 * @param id the router's own identity
 * @param hosts the router's addresses as it wrote them
 * @param minimumRegisterIntervalSeconds how often it wants to hear of each endpoint, 1 or more; 0
 *     if it doesn't say
 * @param pruneThresholdSeconds after how long without a word it forgets an endpoint; 0 if it
 *     doesn't say
 * @param others members that have no name here, as JSON-like values; they are written again
 */
public record RouterStart(
    String id,
    List<String> hosts,
    int minimumRegisterIntervalSeconds,
    int pruneThresholdSeconds,
    Map<String, Object> others) {

  /**
   * Copies the collections and checks the numbers.
   *
   * @param id the router's own identity
   * @param hosts the router's addresses as it wrote them
   * @param minimumRegisterIntervalSeconds how often it wants to hear of each endpoint
   * @param pruneThresholdSeconds after how long without a word it forgets an endpoint
   * @param others members that have no name here
   * @throws IllegalArgumentException when a number is negative
   */
  public RouterStart {
    requireNonNull(id, "id");
    hosts = List.copyOf(hosts);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    if (minimumRegisterIntervalSeconds < 0 || pruneThresholdSeconds < 0) {
      throw new IllegalArgumentException(
          "interval %d, threshold %d: must not be negative; use seconds from 0"
              .formatted(minimumRegisterIntervalSeconds, pruneThresholdSeconds));
    }
  }
}
