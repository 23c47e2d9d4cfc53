package io.dualstack.firewall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of whole numbers from 0 to 2^32 - 1, held as sorted ranges with a gap between any two.
 *
 * <p>That form is unique, so sets with the same numbers are equal however they were made. With n
 * and m ranges, membership costs O(log n), and a set operation O(n + m).
 */
public final class NumberSet {
  /** The highest number, 2^32 - 1. */
  public static final long MAX = 0xffff_ffffL;

  /** The set without a number. */
  public static final NumberSet EMPTY = new NumberSet(List.of());

  /** Every number from 0 to {@link #MAX}. */
  public static final NumberSet ALL = new NumberSet(List.of(new Range(0, MAX)));

  private final List<Range> ranges;

  private NumberSet(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Numbers from a first to a last one, both included.
   *
   * @param first the lowest number, 0 or more
   * @param last the highest number, not below the first, up to {@link NumberSet#MAX}
   */
  public record Range(long first, long last) {
    /**
     * Checks the bounds and the direction.
     *
     * @param first the lowest number, 0 or more
     * @param last the highest number, not below the first, up to {@link NumberSet#MAX}
     * @throws IllegalArgumentException when a number is out of bounds, or the first is over the
     *     last
     */
    public Range {
      if (first < 0 || last > MAX || first > last) {
        throw new IllegalArgumentException(
            "%d-%d: is no range; use ascending numbers from 0 to %d".formatted(first, last, MAX));
      }
    }

    /** Returns the number alone when there is one, else {@code first-last}. */
    @Override
    public String toString() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  /**
   * {@return the set of one number}
   *
   * @param number 0 to {@link #MAX}
   */
  public static NumberSet of(long number) {
    return of(number, number);
  }

  /**
   * {@return the numbers from a first to a last one}
   *
   * @param first the lowest number, 0 or more
   * @param last the highest number, not below the first, up to {@link #MAX}
   */
  public static NumberSet of(long first, long last) {
    return new NumberSet(List.of(new Range(first, last)));
  }

  /**
   * {@return the numbers in any of the ranges}
   *
   * @param ranges ranges in any order, overlapping or not
   */
  public static NumberSet of(Collection<Range> ranges) {
    List<Range> joined = new ArrayList<>(ranges.size());
    for (Range next : ranges.stream().sorted(Comparator.comparingLong(Range::first)).toList()) {
      int end = joined.size() - 1;
      if (end >= 0 && next.first <= joined.get(end).last + 1) {
        Range grown = joined.get(end);
        joined.set(end, new Range(grown.first, Math.max(grown.last, next.last)));
      } else {
        joined.add(next);
      }
    }
    return joined.isEmpty() ? EMPTY : new NumberSet(List.copyOf(joined));
  }

  /**
   * {@return the numbers in either set}
   *
   * @param other the other set
   */
  public NumberSet union(NumberSet other) {
    List<Range> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return of(both);
  }

  /**
   * {@return the numbers in both sets}
   *
   * @param other the other set
   */
  public NumberSet intersect(NumberSet other) {
    List<Range> common = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < ranges.size() && j < other.ranges.size()) {
      Range ours = ranges.get(i);
      Range theirs = other.ranges.get(j);
      long first = Math.max(ours.first, theirs.first);
      long last = Math.min(ours.last, theirs.last);
      if (first <= last) {
        common.add(new Range(first, last));
      }
      if (ours.last < theirs.last) {
        i++;
      } else {
        j++;
      }
    }
    return common.isEmpty() ? EMPTY : new NumberSet(List.copyOf(common));
  }

  /** {@return the numbers from 0 to {@link #MAX} that are not in this set} */
  public NumberSet complement() {
    List<Range> gaps = new ArrayList<>(ranges.size() + 1);
    long from = 0;
    for (Range taken : ranges) {
      if (from < taken.first) {
        gaps.add(new Range(from, taken.first - 1));
      }
      from = taken.last + 1;
    }
    if (from <= MAX) {
      gaps.add(new Range(from, MAX));
    }
    return gaps.isEmpty() ? EMPTY : new NumberSet(List.copyOf(gaps));
  }

  /**
   * {@return the numbers in this set and not in the other}
   *
   * @param other the other set
   */
  public NumberSet subtract(NumberSet other) {
    return intersect(other.complement());
  }

  /**
   * {@return whether the number is in the set}
   *
   * @param number the number to look for
   */
  public boolean contains(long number) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).last < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < ranges.size() && ranges.get(low).first <= number;
  }

  /** {@return whether there is no number in the set} */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** {@return the ranges, sorted, with a gap between any two; unmodifiable} */
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberSet set && ranges.equals(set.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  /** Returns the ranges, such as {@code 0-3,7}. */
  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
  }
}
