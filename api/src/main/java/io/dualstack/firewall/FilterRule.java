package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One rule of a packet filter.
 *
 * @param origins what it was made of, in words for people, such as {@code security group "dns",
 *     rule 0}; one or more
 * @param match the packets it decides about
 * @param verdict what becomes of them
 * @param log whether they are logged
 */
public record FilterRule(List<String> origins, Match match, Verdict verdict, boolean log) {
  /**
   * Checks that an origin is given.
   *
   * @param origins what it was made of, in words for people; one or more
   * @param match the packets it decides about
   * @param verdict what becomes of them
   * @param log whether they are logged
   * @throws IllegalArgumentException when there is no origin
   */
  public FilterRule {
    requireNonNull(match, "match");
    requireNonNull(verdict, "verdict");
    origins = List.copyOf(origins);
    if (origins.isEmpty()) {
      throw new IllegalArgumentException("origins: there is none; say what the rule was made of");
    }
  }
}
