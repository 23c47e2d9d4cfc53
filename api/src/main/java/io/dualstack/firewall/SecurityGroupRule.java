package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import java.util.Optional;

/**
 * One rule of a security group: what containers may reach.
 *
 * @param traffic which protocol, ports, types
 * @param destinations the addresses, of both families where the protocol runs over both; never
 *     empty
 * @param log whether packets that it lets through are logged
 * @param description words for people; may be empty
 */
public record SecurityGroupRule(
    Traffic traffic, IpSet destinations, boolean log, String description) {
  /**
   * Checks the destinations.
   *
   * @param traffic which protocol, ports, types
   * @param destinations the addresses
   * @param log whether packets that it lets through are logged
   * @param description words for people; may be empty
   * @throws IllegalArgumentException when there are no destinations, or some are of a family that
   *     the protocol does not run over
   */
  public SecurityGroupRule {
    requireNonNull(description, "description");
    if (destinations.isEmpty()) {
      throw new IllegalArgumentException("destinations: there are none; give one or more");
    }
    for (IpFamily family : IpFamily.values()) {
      if (!traffic.runsOver(family) && !destinations.only(family).isEmpty()) {
        throw new IllegalArgumentException(
            "%s: %s: has no %s destinations; use %s"
                .formatted(
                    destinations, traffic.protocol(), family.label(), family.other().label()));
      }
    }
  }

  /**
   * {@return the packets of a family that it lets through; empty when it has no destination there}
   *
   * @param family the family
   */
  public Optional<Match> match(IpFamily family) {
    IpSet there = destinations.only(family);
    return there.isEmpty()
        ? Optional.empty()
        : Optional.of(Match.all(family).to(there).asking(traffic.services()));
  }
}
