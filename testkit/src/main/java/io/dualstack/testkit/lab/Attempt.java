package io.dualstack.testkit.lab;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import java.util.Optional;

/**
 * One attempt to reach a service of a host.
 *
 * @param outcome what came of it
 * @param seenFrom the source address that a {@link Listener} saw; empty if none answered, and for
 *     pings
 */
public record Attempt(Outcome outcome, Optional<IpAddress> seenFrom) {
  static final Attempt REFUSED = new Attempt(Outcome.REFUSED, Optional.empty());
  static final Attempt LOST = new Attempt(Outcome.LOST, Optional.empty());

  /**
   * Checks that nothing is null.
   *
   * @param outcome what came of it
   * @param seenFrom the source address that a {@link Listener} saw; empty if none answered, and for
   *     pings
   */
  public Attempt {
    requireNonNull(outcome, "outcome");
    requireNonNull(seenFrom, "seenFrom");
  }
}
