package io.dualstack.impl.firewall;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything about a packet of one family but its destination, cut into cells that are numbered
 * from 0 on. Services vary fastest, so that neighbors are ranges of ports.
 */
final class Plane {
  private static final long SERVICES = 1L << 24;

  private final IpFamily family;
  private final Axis<Long> services;
  private final Axis<IpAddress> sources;
  private final Axis<Long> states;
  private final Axis<Long> marks;

  Plane(IpFamily family, Collection<Match> matches) {
    this.family = family;
    List<Match> all = Stream.concat(Stream.of(Match.all(family)), matches.stream()).toList();
    services = Axis.of(0L, all, match -> Spans.of(match.services().numbers()));
    sources = Axis.of(family.first(), all, match -> Spans.of(match.sources()));
    states = Axis.of(0L, all, match -> Spans.of(match.states()));
    marks = Axis.of(0L, all, match -> Spans.of(match.marks()));
  }

  /**
   * How many cells there are, those that no packet can be in included.
   *
   * @throws ArithmeticException if there are more than an {@code int} holds
   */
  int cells() {
    return Math.multiplyExact(
        services.cells(),
        Math.multiplyExact(sources.cells(), Math.multiplyExact(states.cells(), marks.cells())));
  }

  /** The cells of a match as bounds on each axis. */
  Area area(Match match) {
    return new Area(
        services.cells(Spans.of(match.services().numbers())),
        sources.cells(Spans.of(match.sources())),
        states.cells(Spans.of(match.states())),
        marks.cells(Spans.of(match.marks())));
  }

  /** Bounds on each axis: a first cell, the cell behind the last, and so on. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared: a private matter of the sweep.
  record Area(int[] services, int[] sources, int[] states, int[] marks) {}

  /** Gives every cell of an area to the visitor. */
  void forEach(Area area, IntConsumer visitor) {
    each(
        area.marks(),
        mark ->
            each(
                area.states(),
                state ->
                    each(
                        area.sources(),
                        source -> {
                          int row =
                              ((mark * states.cells() + state) * sources.cells() + source)
                                  * services.cells();
                          each(area.services(), service -> visitor.accept(row + service));
                        })));
  }

  private static void each(int[] bounds, IntConsumer visitor) {
    for (int i = 0; i < bounds.length; i += 2) {
      for (int cell = bounds[i]; cell < bounds[i + 1]; cell++) {
        visitor.accept(cell);
      }
    }
  }

  /** Whether a cell follows the one before it, as more services of the same packets. */
  boolean continues(int cell) {
    return cell % services.cells() != 0;
  }

  /** The number of what cells have in common that differ in services alone. */
  int row(int cell) {
    return cell / services.cells();
  }

  /** The packets of cells of one row that go to some destinations. */
  Match packets(int row, List<RuleComparison.Mismatch> cells, IpRange destinations) {
    int source = row % sources.cells();
    int state = row / sources.cells() % states.cells();
    int mark = row / sources.cells() / states.cells();
    List<NumberSet.Range> asking = new ArrayList<>();
    for (RuleComparison.Mismatch cell : cells) {
      asking.addAll(
          numbers(
                  services,
                  cell.first() % services.cells(),
                  cell.last() % services.cells(),
                  SERVICES)
              .ranges());
    }
    NumberSet in = numbers(states, state, state, ConnectionState.values().length);
    return new Match(
        family,
        IpSet.of(addresses(sources, source, source, family)),
        IpSet.of(destinations),
        ServiceSet.ofNumbers(NumberSet.of(asking)),
        Stream.of(ConnectionState.values())
            .filter(each -> in.contains(each.ordinal()))
            .collect(Collectors.toSet()),
        numbers(marks, mark, mark, NumberSet.MAX + 1));
  }

  /** Whether packets can be in a cell. */
  boolean isPossible(int cell) {
    int service = cell % services.cells();
    int state = cell / services.cells() / sources.cells() % states.cells();
    int mark = cell / services.cells() / sources.cells() / states.cells();
    return services.start(service) < SERVICES
        && ServiceSet.over(family).contains(Service.ofNumber(services.start(service)))
        && states.start(state) < ConnectionState.values().length
        && marks.start(mark) <= NumberSet.MAX;
  }

  private static NumberSet numbers(Axis<Long> axis, int first, int last, long limit) {
    Long next = axis.next(last);
    long end = Math.min(next == null ? limit : next, limit);
    return axis.start(first) < end ? NumberSet.of(axis.start(first), end - 1) : NumberSet.EMPTY;
  }

  static IpRange addresses(Axis<IpAddress> axis, int first, int last, IpFamily family) {
    IpAddress next = axis.next(last);
    return IpRange.of(
        axis.start(first), next == null ? family.last() : next.previous().orElseThrow());
  }
}
