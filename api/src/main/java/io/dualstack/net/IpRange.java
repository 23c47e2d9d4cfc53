package io.dualstack.net;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * All addresses of one family from a first to a last one, both included; never empty.
 *
 * <p>The order is that of the first address, then of the last. Immutable. Comparisons and tests
 * cost a few instructions and no garbage.
 *
 * @param first the lowest address
 * @param last the highest address, of the same family
 */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {
  /**
   * Checks the family and the direction.
   *
   * @param first the lowest address
   * @param last the highest address, of the same family
   * @throws IllegalArgumentException when the ends are of two families or the wrong way round
   */
  public IpRange {
    String problem = problem(first, last);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("%s-%s: %s".formatted(first, last, problem));
    }
  }

  /** Says why two addresses are no range; empty when they are one. */
  static String problem(IpAddress first, IpAddress last) {
    if (first.family() != last.family()) {
      return "starts as %s and ends as %s; use two addresses of one family"
          .formatted(first.family().label(), last.family().label());
    }
    return first.compareTo(last) > 0 ? "runs backwards; write %s-%s".formatted(last, first) : "";
  }

  /**
   * What {@link #parseMasking} read.
   *
   * @param range the range, without host bits
   * @param warning what should be written instead, when host bits were dropped; a whole message
   */
  public record Lenient(IpRange range, Optional<String> warning) {}

  /**
   * Reads a range: one address, {@code first-last} with or without blanks around the hyphen, or a
   * prefix without host bits.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else
   */
  public static IpRange parse(String text) {
    return IpText.range(text);
  }

  /**
   * Reads a range as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<IpRange> tryParse(String text) {
    return Optional.ofNullable(IpText.rangeOrNull(text));
  }

  /**
   * Reads a range as {@link #parse} does, but drops the host bits of a prefix with a warning, since
   * a BOSH director reads {@code 192.168.0.1/24} as {@code 192.168.0.0/24} without a word.
   *
   * @param text the text to read
   * @return the range, with a warning if bits were dropped
   * @throws AddressSyntaxException when the text is wrong in any other way
   */
  public static Lenient parseMasking(String text) {
    return IpText.rangeMasking(text);
  }

  /**
   * {@return the range between two addresses, both included}
   *
   * @param first the lowest address
   * @param last the highest address
   * @throws IllegalArgumentException when they are of two families or the wrong way round
   */
  public static IpRange of(IpAddress first, IpAddress last) {
    return new IpRange(first, last);
  }

  /**
   * {@return the addresses of a prefix}
   *
   * @param prefix the prefix
   */
  public static IpRange of(IpPrefix prefix) {
    return prefix.toRange();
  }

  /**
   * {@return the range of one address}
   *
   * @param address the address
   */
  public static IpRange single(IpAddress address) {
    return new IpRange(address, address);
  }

  /** {@return the family of the addresses} */
  public IpFamily family() {
    return first.family();
  }

  /** {@return whether the range holds one address} */
  public boolean isSingle() {
    return first.equals(last);
  }

  /** {@return the number of addresses, 1 to 2^128} */
  public BigInteger size() {
    long high = Bits128.minusHigh(last.high(), last.low(), first.high(), first.low());
    long low = Bits128.minusLow(last.low(), first.low());
    return Bits128.toBigInteger(high, low).add(BigInteger.ONE);
  }

  /**
   * {@return whether the address is in the range; never for the other family}
   *
   * @param address the address to look for
   */
  public boolean contains(IpAddress address) {
    return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
  }

  /**
   * {@return whether every address of the prefix is in this range}
   *
   * @param prefix the prefix to look for
   */
  public boolean contains(IpPrefix prefix) {
    return contains(prefix.first()) && contains(prefix.last());
  }

  /**
   * {@return whether every address of the other range is in this one; a range contains itself}
   *
   * @param other the other range
   */
  public boolean contains(IpRange other) {
    return contains(other.first) && contains(other.last);
  }

  /**
   * {@return whether the prefix and the range share an address}
   *
   * @param prefix the prefix to compare with
   */
  public boolean overlaps(IpPrefix prefix) {
    return first.compareTo(prefix.last()) <= 0 && prefix.first().compareTo(last) <= 0;
  }

  /**
   * {@return whether the ranges share an address}
   *
   * @param other the other range
   */
  public boolean overlaps(IpRange other) {
    return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
  }

  /**
   * {@return whether one range starts right behind the other}
   *
   * @param other the other range
   */
  public boolean isAdjacentTo(IpRange other) {
    return isFollowedBy(other) || other.isFollowedBy(this);
  }

  /** Says whether the other range starts right behind this one. */
  boolean isFollowedBy(IpRange other) {
    IpAddress next = other.first;
    return next.family() == family()
        && !next.isUnspecified()
        && last.high() == Bits128.plusHigh(next.high(), next.low(), -1, -1)
        && last.low() == next.low() - 1;
  }

  /**
   * {@return the addresses in both ranges; empty when there are none}
   *
   * @param other the other range
   */
  public Optional<IpRange> intersect(IpRange other) {
    return overlaps(other)
        ? Optional.of(new IpRange(higher(first, other.first), lower(last, other.last)))
        : Optional.empty();
  }

  /**
   * {@return the range of the addresses in either; empty when there is a gap between them}
   *
   * @param other the other range
   */
  public Optional<IpRange> union(IpRange other) {
    return overlaps(other) || isAdjacentTo(other)
        ? Optional.of(new IpRange(lower(first, other.first), higher(last, other.last)))
        : Optional.empty();
  }

  /**
   * {@return what is in this range and not in the other: none, one or two ranges, sorted}
   *
   * @param other the other range
   */
  public List<IpRange> subtract(IpRange other) {
    if (!overlaps(other)) {
      return List.of(this);
    }
    List<IpRange> rest = new ArrayList<>(2);
    if (first.compareTo(other.first) < 0) {
      rest.add(new IpRange(first, other.first.moved(-1, -1)));
    }
    if (other.last.compareTo(last) < 0) {
      rest.add(new IpRange(other.last.moved(0, 1), last));
    }
    return List.copyOf(rest);
  }

  private static IpAddress lower(IpAddress a, IpAddress b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static IpAddress higher(IpAddress a, IpAddress b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /**
   * {@return the fewest prefixes that hold exactly these addresses, sorted; at most two for each
   * bit of the family}
   */
  public List<IpPrefix> toPrefixes() {
    List<IpPrefix> blocks = new ArrayList<>();
    IpAddress at = first;
    while (true) {
      // The largest block that starts here, is aligned, and ends inside the range.
      int aligned = Math.min(family().bits(), Bits128.trailingZeros(at.high(), at.low()));
      int fitting =
          Bits128.log2OfNext(
              Bits128.minusHigh(last.high(), last.low(), at.high(), at.low()),
              Bits128.minusLow(last.low(), at.low()));
      IpPrefix block = new IpPrefix(at, family().bits() - Math.min(aligned, fitting));
      blocks.add(block);
      if (block.last().equals(last)) {
        return List.copyOf(blocks);
      }
      at = block.last().moved(0, 1);
    }
  }

  /** {@return the addresses in order, made one by one as they are asked for} */
  public Iterable<IpAddress> addresses() {
    return () -> new Addresses(this);
  }

  /**
   * {@return this range when it is of the family}
   *
   * @param required the family that is required
   * @throws IllegalArgumentException when it is of the other one
   */
  public IpRange requireFamily(IpFamily required) {
    if (family() != required) {
      throw new IllegalArgumentException(
          "%s: is an %s range where an %s range is required; use an %s range"
              .formatted(this, family().label(), required.label(), required.label()));
    }
    return this;
  }

  @Override
  public int compareTo(IpRange other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  @Override
  public int hashCode() {
    return 31 * first.hashCode() + last.hashCode();
  }

  /** Returns {@code first-last}, or the address alone when there is one. */
  @Override
  public String toString() {
    return isSingle() ? first.toString() : first + "-" + last;
  }

  /** Walks the addresses of a range. */
  private static final class Addresses implements Iterator<IpAddress> {
    private final IpAddress last;
    private IpAddress at;
    private boolean more = true;

    Addresses(IpRange range) {
      this.at = range.first;
      this.last = range.last;
    }

    @Override
    public boolean hasNext() {
      return more;
    }

    @Override
    public IpAddress next() {
      if (!more) {
        throw new NoSuchElementException("no address after " + last);
      }
      IpAddress result = at;
      more = !at.equals(last);
      if (more) {
        at = at.moved(0, 1);
      }
      return result;
    }
  }
}
