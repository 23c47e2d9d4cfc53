package io.dualstack.impl.firewall;

import io.dualstack.firewall.NumberSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Destinations and numbers, such as ports, cut into boxes that share no point: what kernels want
 * that look packets up in sets of intervals.
 */
public final class Boxes {
  private Boxes() {}

  /** Every number of a range at every destination of a range. */
  public record Box(IpRange destinations, NumberSet.Range numbers) {}

  /** What is reached at every destination of a range, and at none beside it. */
  public record Reached(IpRange destinations, NumberSet numbers) {}

  /** What is reached in spans of one dimension: some values of the other. */
  private record Area<T, V>(List<Axis.Span<T>> spans, V across) {}

  /** Neighbors in one dimension that reach the same values of the other. */
  private record Slab<T, V>(T first, @Nullable T next, V across) {}

  /**
   * Returns boxes that hold together what the areas do, in ascending order. Slabs of destinations
   * or of numbers, whichever makes fewer boxes.
   *
   * @param areas where each set of numbers is reached
   */
  public static List<Box> of(IpFamily family, Map<NumberSet, IpSet> areas) {
    List<Area<IpAddress, NumberSet>> here = new ArrayList<>();
    List<Area<Long, IpSet>> there = new ArrayList<>();
    areas.forEach(
        (numbers, destinations) -> {
          here.add(new Area<>(Spans.of(destinations), numbers));
          there.add(new Area<>(Spans.of(numbers), destinations));
        });
    List<Box> byDestination = new ArrayList<>();
    for (Reached reached : reached(family, here)) {
      reached
          .numbers()
          .ranges()
          .forEach(numbers -> byDestination.add(new Box(reached.destinations(), numbers)));
    }
    List<Box> byNumber = new ArrayList<>();
    for (Slab<Long, IpSet> slab : slabs(0L, there, Boxes::addresses)) {
      Long next = slab.next();
      NumberSet.Range range =
          new NumberSet.Range(slab.first(), next == null ? NumberSet.MAX : next - 1);
      slab.across().forEach(destinations -> byNumber.add(new Box(destinations, range)));
    }
    return byNumber.size() < byDestination.size() ? byNumber : byDestination;
  }

  /**
   * Returns ranges of destinations that share none, in ascending order, with all that is reached
   * there; where nothing is there is no range.
   *
   * @param areas where each set of numbers is reached
   */
  public static List<Reached> byDestination(IpFamily family, Map<NumberSet, IpSet> areas) {
    List<Area<IpAddress, NumberSet>> here = new ArrayList<>();
    areas.forEach((numbers, destinations) -> here.add(new Area<>(Spans.of(destinations), numbers)));
    return reached(family, here);
  }

  private static List<Reached> reached(IpFamily family, List<Area<IpAddress, NumberSet>> areas) {
    List<Reached> reached = new ArrayList<>();
    for (Slab<IpAddress, NumberSet> slab : slabs(family.first(), areas, Boxes::numbers)) {
      if (!slab.across().isEmpty()) {
        reached.add(
            new Reached(IpRange.of(slab.first(), last(slab.next(), family)), slab.across()));
      }
    }
    return reached;
  }

  private static IpAddress last(@Nullable IpAddress next, IpFamily family) {
    return next == null ? family.last() : next.previous().orElseThrow();
  }

  private static NumberSet numbers(Collection<NumberSet> sets) {
    return NumberSet.of(sets.stream().flatMap(set -> set.ranges().stream()).toList());
  }

  private static IpSet addresses(Collection<IpSet> sets) {
    return IpSet.of(sets.stream().flatMap(set -> set.ranges().stream()).toList());
  }

  private static <T extends Comparable<T>, V> List<Slab<T, V>> slabs(
      T lowest, List<Area<T, V>> areas, Function<Collection<V>, V> union) {
    Axis<T> axis = Axis.of(lowest, areas, Area::spans);
    List<List<Integer>> changes = new ArrayList<>();
    for (int cell = 0; cell <= axis.cells(); cell++) {
      changes.add(new ArrayList<>(2));
    }
    for (int area = 0; area < areas.size(); area++) {
      for (int bound : axis.cells(areas.get(area).spans())) {
        changes.get(bound).add(area);
      }
    }
    List<Slab<T, V>> slabs = new ArrayList<>();
    TreeSet<Integer> inside = new TreeSet<>();
    for (int cell = 0; cell < axis.cells(); cell++) {
      for (Integer area : changes.get(cell)) {
        // Its spans have gaps between them, so a bound is either of both kinds, never both.
        if (!inside.remove(area)) {
          inside.add(area);
        }
      }
      V across = union.apply(inside.stream().map(area -> areas.get(area).across()).toList());
      Slab<T, V> before = slabs.isEmpty() ? null : slabs.get(slabs.size() - 1);
      if (before != null && before.across().equals(across)) {
        slabs.set(slabs.size() - 1, new Slab<>(before.first(), axis.next(cell), across));
      } else {
        slabs.add(new Slab<>(axis.start(cell), axis.next(cell), across));
      }
    }
    return slabs;
  }
}
