package io.dualstack.policy;

import java.util.Set;

/**
 * Which policies are asked for: those that pass all three, where an empty set lets everything pass.
 *
 * @param ends applications of which one is the source or the destination
 * @param sources applications of which one is the source
 * @param destinations applications of which one is the destination
 */
public record PolicyFilter(Set<String> ends, Set<String> sources, Set<String> destinations) {

  /** Asks for all. */
  public static final PolicyFilter ALL = new PolicyFilter(Set.of(), Set.of(), Set.of());

  /**
   * Copies the sets.
   *
   * @param ends applications of which one is the source or the destination
   * @param sources applications of which one is the source
   * @param destinations applications of which one is the destination
   */
  public PolicyFilter {
    ends = Set.copyOf(ends);
    sources = Set.copyOf(sources);
    destinations = Set.copyOf(destinations);
  }

  /**
   * {@return a filter for policies from or to applications}
   *
   * @param ends the applications; none asks for all
   */
  public static PolicyFilter touching(Set<String> ends) {
    return new PolicyFilter(ends, Set.of(), Set.of());
  }

  /**
   * {@return whether a policy is asked for}
   *
   * @param policy the policy
   */
  public boolean matches(NetworkPolicy policy) {
    String source = policy.source();
    String destination =
        policy.destination() instanceof PolicyDestination.App app ? app.guid() : "";
    return (ends.isEmpty() || ends.contains(source) || ends.contains(destination))
        && (sources.isEmpty() || sources.contains(source))
        && (destinations.isEmpty() || destinations.contains(destination));
  }
}
