package io.dualstack.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The packets of one family for which every condition holds. There is always one at least.
 *
 * @param family the family
 * @param sources where packets may come from, of that family alone
 * @param destinations where packets may go, of that family alone
 * @param services what packets may ask for; protocols that don't run over the family are left out
 * @param states the states that packets may have
 * @param marks the marks that packets may have
 */
public record Match(
    IpFamily family,
    IpSet sources,
    IpSet destinations,
    ServiceSet services,
    Set<ConnectionState> states,
    NumberSet marks) {
  private static final Match IPV4 = whole(IpFamily.IPV4);
  private static final Match IPV6 = whole(IpFamily.IPV6);

  /**
   * Checks that a packet can match.
   *
   * @param family the family
   * @param sources where packets may come from, of that family alone
   * @param destinations where packets may go, of that family alone
   * @param services what packets may ask for; protocols that don't run over the family are left out
   * @param states the states that packets may have
   * @param marks the marks that packets may have
   * @throws IllegalArgumentException when a condition can't be met, or names the other family
   */
  public Match {
    services = services.intersect(ServiceSet.over(family));
    states = Collections.unmodifiableSet(copy(states));
    if (!sources.only(family.other()).isEmpty() || !destinations.only(family.other()).isEmpty()) {
      throw new IllegalArgumentException(
          "%s to %s: holds %s addresses; use %s addresses alone"
              .formatted(sources, destinations, family.other().label(), family.label()));
    }
    if (sources.isEmpty()
        || destinations.isEmpty()
        || services.isEmpty()
        || states.isEmpty()
        || marks.isEmpty()) {
      throw new IllegalArgumentException(
          "an %s match that no packet meets; give every condition a value"
              .formatted(family.label()));
    }
  }

  /** A copy that iterates in the order of the states. */
  private static Set<ConnectionState> copy(Set<ConnectionState> states) {
    EnumSet<ConnectionState> copy = EnumSet.noneOf(ConnectionState.class);
    copy.addAll(states);
    return copy;
  }

  private static Match whole(IpFamily family) {
    return new Match(
        family,
        IpSet.all(family),
        IpSet.all(family),
        ServiceSet.ALL,
        EnumSet.allOf(ConnectionState.class),
        NumberSet.ALL);
  }

  /**
   * {@return every packet of a family}
   *
   * @param family the family
   */
  public static Match all(IpFamily family) {
    return family == IpFamily.IPV4 ? IPV4 : IPV6;
  }

  /**
   * {@return this match with other sources}
   *
   * @param others where packets may come from
   */
  public Match from(IpSet others) {
    return new Match(family, others, destinations, services, states, marks);
  }

  /**
   * {@return this match with other destinations}
   *
   * @param others where packets may go
   */
  public Match to(IpSet others) {
    return new Match(family, sources, others, services, states, marks);
  }

  /**
   * {@return this match with other services}
   *
   * @param others what packets may ask for
   */
  public Match asking(ServiceSet others) {
    return new Match(family, sources, destinations, others, states, marks);
  }

  /**
   * {@return this match with other states}
   *
   * @param others the states that packets may have
   */
  public Match in(Set<ConnectionState> others) {
    return new Match(family, sources, destinations, services, others, marks);
  }

  /**
   * {@return this match with other marks}
   *
   * @param others the marks that packets may have
   */
  public Match marked(NumberSet others) {
    return new Match(family, sources, destinations, services, states, others);
  }

  /**
   * {@return whether the packet matches}
   *
   * @param packet the packet
   */
  public boolean contains(Packet packet) {
    return packet.family() == family
        && states.contains(packet.state())
        && marks.contains(packet.mark())
        && services.contains(packet.service())
        && destinations.contains(packet.destination())
        && sources.contains(packet.source());
  }

  /**
   * {@return the packets that both match; empty when there are none}
   *
   * @param other the other match
   */
  public Optional<Match> intersect(Match other) {
    if (family != other.family) {
      return Optional.empty();
    }
    return made(
        sources.intersect(other.sources),
        destinations.intersect(other.destinations),
        services.intersect(other.services),
        both(states, other.states),
        marks.intersect(other.marks));
  }

  /**
   * {@return the packets that this matches and the other does not, as at most five matches that
   * share no packet}
   *
   * @param other the other match
   */
  public List<Match> subtract(Match other) {
    if (intersect(other).isEmpty()) {
      return List.of(this);
    }
    // One condition after the other: outside the other's in it, and inside in all before.
    IpSet from = sources.intersect(other.sources);
    IpSet to = destinations.intersect(other.destinations);
    ServiceSet asking = services.intersect(other.services);
    Set<ConnectionState> in = both(states, other.states);
    Set<ConnectionState> out = copy(states);
    out.removeAll(other.states);
    List<Match> rest = new ArrayList<>(5);
    made(sources, destinations.subtract(other.destinations), services, states, marks)
        .ifPresent(rest::add);
    made(sources, to, services.subtract(other.services), states, marks).ifPresent(rest::add);
    made(sources.subtract(other.sources), to, asking, states, marks).ifPresent(rest::add);
    made(from, to, asking, out, marks).ifPresent(rest::add);
    made(from, to, asking, in, marks.subtract(other.marks)).ifPresent(rest::add);
    return List.copyOf(rest);
  }

  private static Set<ConnectionState> both(Set<ConnectionState> some, Set<ConnectionState> others) {
    Set<ConnectionState> both = copy(some);
    both.retainAll(others);
    return both;
  }

  private Optional<Match> made(
      IpSet from, IpSet to, ServiceSet asking, Set<ConnectionState> in, NumberSet marked) {
    return from.isEmpty() || to.isEmpty() || asking.isEmpty() || in.isEmpty() || marked.isEmpty()
        ? Optional.empty()
        : Optional.of(new Match(family, from, to, asking, in, marked));
  }

  /**
   * {@return a packet that matches: the lowest in every condition, of a well-known protocol if it
   * can be}
   */
  public Packet witness() {
    return new Packet(
        sources.ranges().get(0).first(),
        destinations.ranges().get(0).first(),
        services.witness(),
        states.iterator().next(),
        marks.ranges().get(0).first());
  }
}
