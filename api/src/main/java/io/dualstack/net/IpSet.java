package io.dualstack.net;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set of addresses of both families, held as sorted ranges with a gap between any two.
 *
 * <p>That form is unique, so sets with the same addresses are equal however they were made.
 * Immutable and safe for use by many threads. With n ranges, membership costs O(log n), a set
 * operation O(n + m), and making a set O(n log n); the number of addresses never matters.
 */
public final class IpSet implements Iterable<IpRange> {
  /** The set without an address. */
  public static final IpSet EMPTY = new IpSet(List.of());

  private final List<IpRange> ranges;

  /** Takes ranges that are sorted, disjoint and not adjacent. */
  private IpSet(List<IpRange> ranges) {
    this.ranges = ranges;
  }

  /** {@return the set without an address, {@link #EMPTY}} */
  public static IpSet empty() {
    return EMPTY;
  }

  /**
   * Reads what {@link #toString} writes: addresses, ranges and prefixes, with commas between them,
   * in braces or not, in any order, overlapping or not. Blanks around an item don't count.
   *
   * @param text such as {@code {10.0.0.0-10.0.0.255, ::1}} or {@code 10.0.0.0/24}; empty, or empty
   *     braces, for the set without an address
   * @return the set
   * @throws AddressSyntaxException if an item is no range, as {@link IpRange#parse} says, or a
   *     brace is alone
   */
  public static IpSet parse(String text) {
    String items = text.strip();
    boolean opened = items.startsWith("{");
    if (opened != items.endsWith("}")) {
      throw new AddressSyntaxException(
          text, opened ? "the closing brace is missing" : "the opening brace is missing");
    }
    if (opened) {
      items = items.substring(1, items.length() - 1).strip();
    }
    if (items.isEmpty()) {
      return EMPTY;
    }
    return of(Arrays.stream(items.split(",", -1)).map(String::strip).map(IpRange::parse).toList());
  }

  /**
   * {@return the set that a text stands for; empty if it stands for none}
   *
   * @param text any text
   */
  public static Optional<IpSet> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return the addresses in any of the ranges}
   *
   * @param ranges ranges in any order, overlapping or not
   */
  public static IpSet of(IpRange... ranges) {
    return of(Arrays.asList(ranges));
  }

  /**
   * {@return the addresses in any of the ranges}
   *
   * @param ranges ranges in any order, overlapping or not
   */
  public static IpSet of(Collection<IpRange> ranges) {
    List<IpRange> sorted = new ArrayList<>(ranges);
    Collections.sort(sorted);
    return joined(sorted);
  }

  /**
   * {@return the addresses in any of the prefixes}
   *
   * @param prefixes prefixes in any order, overlapping or not
   */
  public static IpSet ofPrefixes(Collection<IpPrefix> prefixes) {
    return of(prefixes.stream().map(IpPrefix::toRange).toList());
  }

  /**
   * {@return every address of a family}
   *
   * @param family the family
   */
  public static IpSet all(IpFamily family) {
    return new IpSet(List.of(family.all().toRange()));
  }

  /** {@return every address of both families} */
  public static IpSet all() {
    return EMPTY.complement();
  }

  /** Joins sorted ranges that overlap or touch. */
  private static IpSet joined(List<IpRange> sorted) {
    List<IpRange> result = new ArrayList<>(sorted.size());
    for (IpRange next : sorted) {
      int end = result.size() - 1;
      if (end >= 0 && (result.get(end).overlaps(next) || result.get(end).isFollowedBy(next))) {
        result.set(end, result.get(end).union(next).orElseThrow());
      } else {
        result.add(next);
      }
    }
    return result.isEmpty() ? EMPTY : new IpSet(List.copyOf(result));
  }

  /**
   * {@return the addresses in either set}
   *
   * @param other the other set
   */
  public IpSet union(IpSet other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    List<IpRange> merged = new ArrayList<>(ranges.size() + other.ranges.size());
    int theirs = 0;
    for (IpRange ours : ranges) {
      while (theirs < other.ranges.size() && other.ranges.get(theirs).compareTo(ours) < 0) {
        merged.add(other.ranges.get(theirs++));
      }
      merged.add(ours);
    }
    merged.addAll(other.ranges.subList(theirs, other.ranges.size()));
    return joined(merged);
  }

  /**
   * {@return the addresses in both sets}
   *
   * @param other the other set
   */
  public IpSet intersect(IpSet other) {
    List<IpRange> common = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < ranges.size() && j < other.ranges.size()) {
      IpRange ours = ranges.get(i);
      IpRange theirs = other.ranges.get(j);
      ours.intersect(theirs).ifPresent(common::add);
      if (ours.last().compareTo(theirs.last()) < 0) {
        i++;
      } else {
        j++;
      }
    }
    // Pieces of ranges with gaps between them have gaps between them too.
    return common.isEmpty() ? EMPTY : new IpSet(List.copyOf(common));
  }

  /**
   * {@return the addresses in this set and not in the other}
   *
   * @param other the other set
   */
  public IpSet subtract(IpSet other) {
    if (other.isEmpty()) {
      return this;
    }
    return intersect(other.complement());
  }

  /** {@return every address of both families that is not in this set} */
  public IpSet complement() {
    List<IpRange> gaps = new ArrayList<>(ranges.size() + 2);
    int i = 0;
    for (IpFamily family : IpFamily.values()) {
      IpAddress from = family.first();
      boolean reachedTheEnd = false;
      for (; i < ranges.size() && ranges.get(i).family() == family; i++) {
        IpRange taken = ranges.get(i);
        if (from.compareTo(taken.first()) < 0) {
          gaps.add(new IpRange(from, taken.first().moved(-1, -1)));
        }
        reachedTheEnd = taken.last().equals(family.last());
        from = reachedTheEnd ? from : taken.last().moved(0, 1);
      }
      if (!reachedTheEnd) {
        gaps.add(new IpRange(from, family.last()));
      }
    }
    return gaps.isEmpty() ? EMPTY : new IpSet(List.copyOf(gaps));
  }

  /**
   * {@return the addresses of one family}
   *
   * @param family the family
   */
  public IpSet only(IpFamily family) {
    return overlapping(family.all().toRange());
  }

  /**
   * {@return the whole ranges that share an address with the given one; costs O(log n)}
   *
   * @param range the range to compare with
   */
  public IpSet overlapping(IpRange range) {
    int from = firstEndingAtOrAfter(range.first());
    int to = firstEndingAtOrAfter(range.last());
    if (to < ranges.size() && ranges.get(to).overlaps(range)) {
      to++;
    }
    return from >= to ? EMPTY : new IpSet(ranges.subList(from, to));
  }

  /**
   * {@return whether the address is in the set}
   *
   * @param address the address to look for
   */
  public boolean contains(IpAddress address) {
    int at = firstEndingAtOrAfter(address);
    return at < ranges.size() && ranges.get(at).first().compareTo(address) <= 0;
  }

  /**
   * {@return whether every address of the prefix is in the set}
   *
   * @param prefix the prefix to look for
   */
  public boolean contains(IpPrefix prefix) {
    int at = firstEndingAtOrAfter(prefix.last());
    return at < ranges.size() && ranges.get(at).first().compareTo(prefix.first()) <= 0;
  }

  /**
   * {@return whether every address of the range is in the set}
   *
   * @param range the range to look for
   */
  public boolean contains(IpRange range) {
    int at = firstEndingAtOrAfter(range.last());
    return at < ranges.size() && ranges.get(at).first().compareTo(range.first()) <= 0;
  }

  /**
   * {@return whether an address of the prefix is in the set}
   *
   * @param prefix the prefix to compare with
   */
  public boolean overlaps(IpPrefix prefix) {
    int at = firstEndingAtOrAfter(prefix.first());
    return at < ranges.size() && ranges.get(at).overlaps(prefix);
  }

  /**
   * {@return whether an address of the range is in the set}
   *
   * @param range the range to compare with
   */
  public boolean overlaps(IpRange range) {
    int at = firstEndingAtOrAfter(range.first());
    return at < ranges.size() && ranges.get(at).overlaps(range);
  }

  /** Returns the index of the first range whose last address is not below the given one. */
  private int firstEndingAtOrAfter(IpAddress address) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).last().compareTo(address) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** {@return whether there is no address in the set} */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /**
   * {@return the number of addresses of a family, 0 to 2^128}
   *
   * @param family the family
   */
  public BigInteger size(IpFamily family) {
    BigInteger size = BigInteger.ZERO;
    for (IpRange range : ranges) {
      if (range.family() == family) {
        size = size.add(range.size());
      }
    }
    return size;
  }

  /** {@return the ranges, sorted, with a gap between any two; unmodifiable} */
  public List<IpRange> ranges() {
    return ranges;
  }

  /** {@return the fewest prefixes that hold exactly these addresses, sorted; unmodifiable} */
  public List<IpPrefix> prefixes() {
    return ranges.stream().flatMap(range -> range.toPrefixes().stream()).toList();
  }

  /** Walks the ranges in order; the iterator removes nothing. */
  @Override
  public Iterator<IpRange> iterator() {
    return ranges.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpSet set && ranges.equals(set.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  /** Returns the ranges in braces, such as {@code {10.0.0.0-10.0.0.255, ::1}}. */
  @Override
  public String toString() {
    return ranges.stream().map(IpRange::toString).collect(Collectors.joining(", ", "{", "}"));
  }
}
