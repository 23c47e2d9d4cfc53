package io.dualstack.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The ports of a transport protocol from a first to a last one, both included; never empty.
 *
 * <p>Port 0 is a legal number on the wire and therefore here; formats that start at 1 say so
 * themselves. Ordered by the first port, then by the last. Immutable.
 *
 * @param first the lowest port, 0 to 65535
 * @param last the highest port, not below the first, up to 65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
  /** The highest port. */
  public static final int MAX = 65535;

  /** Every port, {@code 0-65535}. */
  public static final PortRange ALL = new PortRange(0, MAX);

  /**
   * Checks the ports and the direction.
   *
   * @param first the lowest port, 0 to 65535
   * @param last the highest port, not below the first, up to 65535
   * @throws IllegalArgumentException when a port is outside 0 to 65535, or the first is over the
   *     last
   */
  public PortRange {
    checkPort(first);
    checkPort(last);
    if (first > last) {
      throw new IllegalArgumentException(
          "%d-%d: %s".formatted(first, last, backwards(first, last)));
    }
  }

  static void checkPort(int port) {
    if (port < 0 || port > MAX) {
      throw new IllegalArgumentException("%d: not a port; use 0 to %d".formatted(port, MAX));
    }
  }

  private static String backwards(int first, int last) {
    return "runs backwards; write %d-%d".formatted(last, first);
  }

  /**
   * Reads one port or {@code first-last}, in decimal without leading zeros.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else
   */
  public static PortRange parse(String text) {
    int hyphen = text.indexOf('-', 1);
    if (hyphen < 0) {
      return single(port(text, text));
    }
    int first = port(text, text.substring(0, hyphen));
    int last = port(text, text.substring(hyphen + 1));
    if (first > last) {
      throw new AddressSyntaxException(text, backwards(first, last));
    }
    return new PortRange(first, last);
  }

  /**
   * Reads ports as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<PortRange> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (AddressSyntaxException e) {
      return Optional.empty();
    }
  }

  private static int port(String text, String part) {
    String problem = IpText.numberProblem(part, "port", MAX);
    if (!problem.isEmpty()) {
      throw new AddressSyntaxException(text, problem);
    }
    return Integer.parseInt(part);
  }

  /**
   * {@return the range between two ports, both included}
   *
   * @param first the lowest port, 0 to 65535
   * @param last the highest port, 0 to 65535
   * @throws IllegalArgumentException when a port is outside 0 to 65535, or the first is over the
   *     last
   */
  public static PortRange of(int first, int last) {
    return new PortRange(first, last);
  }

  /**
   * {@return the range of one port}
   *
   * @param port 0 to 65535
   * @throws IllegalArgumentException when the port is outside 0 to 65535
   */
  public static PortRange single(int port) {
    return new PortRange(port, port);
  }

  /**
   * {@return the fewest ranges that hold the same ports, sorted}
   *
   * @param ranges ranges in any order, overlapping or not
   */
  public static List<PortRange> summarize(Collection<PortRange> ranges) {
    List<PortRange> result = new ArrayList<>();
    for (PortRange next : ranges.stream().sorted().toList()) {
      int end = result.size() - 1;
      if (end >= 0 && next.first <= result.get(end).last + 1) {
        PortRange grown = result.get(end);
        result.set(end, new PortRange(grown.first, Math.max(grown.last, next.last)));
      } else {
        result.add(next);
      }
    }
    return List.copyOf(result);
  }

  /** {@return whether the range holds one port} */
  public boolean isSingle() {
    return first == last;
  }

  /** {@return the number of ports, 1 to 65536} */
  public int size() {
    return last - first + 1;
  }

  /**
   * {@return whether the port is in the range}
   *
   * @param port the port to look for
   */
  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  /**
   * {@return whether every port of the other range is in this one; a range contains itself}
   *
   * @param other the other range
   */
  public boolean contains(PortRange other) {
    return first <= other.first && other.last <= last;
  }

  /**
   * {@return whether the ranges share a port}
   *
   * @param other the other range
   */
  public boolean overlaps(PortRange other) {
    return first <= other.last && other.first <= last;
  }

  /**
   * {@return whether one range starts right behind the other}
   *
   * @param other the other range
   */
  public boolean isAdjacentTo(PortRange other) {
    return last + 1 == other.first || other.last + 1 == first;
  }

  /**
   * {@return the ports in both ranges; empty when there are none}
   *
   * @param other the other range
   */
  public Optional<PortRange> intersect(PortRange other) {
    return overlaps(other)
        ? Optional.of(new PortRange(Math.max(first, other.first), Math.min(last, other.last)))
        : Optional.empty();
  }

  /**
   * {@return what is in this range and not in the other: none, one or two ranges, sorted}
   *
   * @param other the other range
   */
  public List<PortRange> subtract(PortRange other) {
    if (!overlaps(other)) {
      return List.of(this);
    }
    List<PortRange> rest = new ArrayList<>(2);
    if (first < other.first) {
      rest.add(new PortRange(first, other.first - 1));
    }
    if (other.last < last) {
      rest.add(new PortRange(other.last + 1, last));
    }
    return List.copyOf(rest);
  }

  @Override
  public int compareTo(PortRange other) {
    int byFirst = Integer.compare(first, other.first);
    return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
  }

  @Override
  public int hashCode() {
    return first << 16 ^ last;
  }

  /** Returns the port alone when there is one, else {@code first-last}. */
  @Override
  public String toString() {
    return isSingle() ? Integer.toString(first) : first + "-" + last;
  }
}
