package io.dualstack.impl.firewall;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares two rule sets exactly, by what becomes of packets.
 *
 * <p>Sweeps over the destinations in ascending order: where a rule's destinations begin or end, the
 * verdicts of that rule's services (and sources, states, marks) are brought up to date, and nothing
 * else is looked at. The cost grows with the number of ranges of destinations times the number of
 * cells that a rule's other conditions have, never with pairs of rules.
 */
public final class RuleComparison {
  private final RuleSet before;
  private final RuleSet after;

  private RuleComparison(RuleSet before, RuleSet after) {
    this.before = before;
    this.after = after;
  }

  /** Returns packets about which the rule sets decide differently; empty when there are none. */
  public static Optional<Difference> first(RuleSet before, RuleSet after) {
    return differences(before, after, 1).stream().findFirst();
  }

  /**
   * Returns the packets about which the rule sets decide differently, as differences that share no
   * packet, ordered by destination.
   *
   * @param most where to stop; when as many are returned there may be more
   */
  public static List<Difference> differences(RuleSet before, RuleSet after, int most) {
    List<Difference> found = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (found.size() < most) {
        found.addAll(new RuleComparison(before, after).sweep(family, most - found.size()));
      }
    }
    return found;
  }

  /** A row of a side begins or ceases to apply at a cell of destinations. */
  private record Event(Side side, int row, Plane.Area area, boolean enters) {}

  private List<Difference> sweep(IpFamily family, int most) {
    List<Layers.Row> old = Layers.of(before, family);
    List<Layers.Row> young = Layers.of(after, family);
    List<Match> matches =
        Stream.concat(old.stream(), young.stream()).map(Layers.Row::match).toList();
    Axis<IpAddress> destinations =
        Axis.of(family.first(), matches, match -> Spans.of(match.destinations()));
    Plane plane = new Plane(family, matches);
    Side left = new Side(old, before.otherwise(), plane.cells());
    Side right = new Side(young, after.otherwise(), plane.cells());
    List<List<Event>> events = new ArrayList<>(destinations.cells() + 1);
    for (int i = 0; i <= destinations.cells(); i++) {
      events.add(new ArrayList<>(2));
    }
    schedule(old, left, plane, destinations, events);
    schedule(young, right, plane, destinations, events);

    Mismatches mismatches = new Mismatches(plane, left, right);
    Runs runs = new Runs(plane, most);
    for (int cell = 0; cell < destinations.cells() && !runs.isFull(); cell++) {
      boolean changed = cell == 0;
      for (Event event : events.get(cell)) {
        changed |= mismatches.apply(event.side(), event.row(), event.area(), event.enters());
      }
      IpRange here = Plane.addresses(destinations, cell, cell, family);
      runs.next(here, changed ? mismatches.found() : null);
    }
    return runs.finish();
  }

  private static void schedule(
      List<Layers.Row> rows,
      Side side,
      Plane plane,
      Axis<IpAddress> destinations,
      List<List<Event>> events) {
    for (int row = 0; row < rows.size(); row++) {
      Match match = rows.get(row).match();
      Plane.Area area = plane.area(match);
      int[] bounds = destinations.cells(Spans.of(match.destinations()));
      for (int i = 0; i < bounds.length; i += 2) {
        events.get(bounds[i]).add(new Event(side, row, area, true));
        events.get(bounds[i + 1]).add(new Event(side, row, area, false));
      }
    }
  }

  /** Neighboring cells with the same two verdicts. */
  record Mismatch(int first, int last, Verdict before, Verdict after) {}
}
