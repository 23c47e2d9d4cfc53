package io.dualstack.net;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A block of addresses that share their first bits, in CIDR notation (RFC 4632, RFC 4291 section
 * 2.3): {@code 10.0.0.0/8}, {@code 2001:db8::/64}.
 *
 * <p>Always the network: host bits are zero, so that equal blocks are equal values. An address that
 * keeps its host bits beside a length is an {@link InterfaceAddress}. The order is that of the
 * first address, then of the length, shorter first, so that a block comes right before what it
 * contains. Immutable. Comparisons, {@link #contains(IpPrefix) contains}, {@link #overlaps
 * overlaps} and neighbours cost a few instructions and no garbage beyond the result.
 *
 * @param address the first address
 * @param length how many leading bits are fixed, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {
  /**
   * Checks the length and that the host bits are zero.
   *
   * @param address the first address
   * @param length how many leading bits are fixed, 0 to 32 or 128
   * @throws IllegalArgumentException when they are not, naming the block that was probably meant
   */
  public IpPrefix {
    IpFamily family = address.family();
    family.checkLength(length);
    int hostBits = family.bits() - length;
    if ((address.high() & Bits128.lowOnesHigh(hostBits)) != 0
        || (address.low() & Bits128.lowOnesLow(hostBits)) != 0) {
      throw new IllegalArgumentException(
          "%s/%d: %s".formatted(address, length, hostBitsSet(address, length)));
    }
  }

  static String hostBitsSet(IpAddress address, int length) {
    return "host bits are set; did you mean %s/%d (the network) or %s/%d (the address)?"
        .formatted(address.mask(length), length, address, address.family().bits());
  }

  /**
   * Reads CIDR notation: an address as {@link IpAddress#parse} reads it, a slash, and the length in
   * decimal.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else: no length, a netmask, host bits
   */
  public static IpPrefix parse(String text) {
    return IpText.prefix(text);
  }

  /**
   * Reads CIDR notation as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<IpPrefix> tryParse(String text) {
    return Optional.ofNullable(IpText.prefixOrNull(text));
  }

  /**
   * {@return the prefix that starts at this address}
   *
   * @param address the first address
   * @param length 0 to 32 or 128
   * @throws IllegalArgumentException when host bits are set or the family has no such length
   */
  public static IpPrefix of(IpAddress address, int length) {
    return new IpPrefix(address, length);
  }

  /**
   * {@return the prefix of this length around the address, whose host bits are dropped}
   *
   * @param address an address inside
   * @param length 0 to 32 or 128
   * @throws IllegalArgumentException when the family has no such length
   */
  public static IpPrefix containing(IpAddress address, int length) {
    return new IpPrefix(address.mask(length), length);
  }

  /**
   * {@return the prefix of full length, /32 or /128, that holds this address alone}
   *
   * @param address the address
   */
  public static IpPrefix single(IpAddress address) {
    return address.toPrefix();
  }

  /**
   * {@return the fewest prefixes that hold the same addresses, sorted, of both families}
   *
   * @param prefixes prefixes in any order, overlapping or not
   */
  public static List<IpPrefix> summarize(Collection<IpPrefix> prefixes) {
    return IpSet.ofPrefixes(prefixes).prefixes();
  }

  /** {@return the family of the addresses} */
  public IpFamily family() {
    return address.family();
  }

  /** {@return the lowest address} */
  public IpAddress first() {
    return address;
  }

  /** {@return the highest address} */
  public IpAddress last() {
    return address.fill(length);
  }

  /** {@return whether the block holds one address} */
  public boolean isSingle() {
    return length == family().bits();
  }

  /**
   * {@return whether the address is in the block; never for the other family}
   *
   * @param other the address to look for
   */
  public boolean contains(IpAddress other) {
    int hostBits = family().bits() - length;
    return other.family() == family()
        && ((other.high() ^ address.high()) & ~Bits128.lowOnesHigh(hostBits)) == 0
        && ((other.low() ^ address.low()) & ~Bits128.lowOnesLow(hostBits)) == 0;
  }

  /**
   * {@return whether every address of the other block is in this one; a block contains itself}
   *
   * @param other the other prefix
   */
  public boolean contains(IpPrefix other) {
    return other.length >= length && contains(other.address);
  }

  /**
   * {@return whether the blocks share an address, which for prefixes means one contains the other}
   *
   * @param other the other prefix
   */
  public boolean overlaps(IpPrefix other) {
    return length <= other.length ? contains(other.address) : other.contains(address);
  }

  /**
   * {@return whether one block starts right behind the other}
   *
   * @param other the other prefix
   */
  public boolean isAdjacentTo(IpPrefix other) {
    return toRange().isAdjacentTo(other.toRange());
  }

  /** {@return the block of twice the size that contains this one; empty for length 0} */
  public Optional<IpPrefix> parent() {
    return length == 0 ? Optional.empty() : Optional.of(containing(address, length - 1));
  }

  /** {@return the other half of the {@link #parent()}; empty for length 0} */
  public Optional<IpPrefix> sibling() {
    return length == 0 ? Optional.empty() : Optional.of(new IpPrefix(flipped(length), length));
  }

  /** Returns the first address with the last bit of a prefix of this length turned over. */
  private IpAddress flipped(int bit) {
    int shift = family().bits() - bit;
    return new IpAddress(
        family(),
        address.high() ^ Bits128.shiftedHigh(1, shift),
        address.low() ^ Bits128.shiftedLow(1, shift));
  }

  /** {@return the number of addresses, 1 to 2^128} */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(family().bits() - length);
  }

  /**
   * {@return how many blocks of a length fit}
   *
   * @param longer this prefix's length or more
   * @throws IllegalArgumentException when the length is shorter than this prefix's, or past the
   *     family's
   */
  public BigInteger count(int longer) {
    return BigInteger.ONE.shiftLeft(checkLonger(longer) - length);
  }

  /**
   * {@return one of the blocks of a length, counted from 0 in address order}
   *
   * @param longer this prefix's length or more
   * @param index 0 for the first block
   * @throws IllegalArgumentException when the length does not fit
   * @throws IndexOutOfBoundsException when the index is negative or not below {@link #count}
   */
  public IpPrefix nth(int longer, long index) {
    int choice = checkLonger(longer) - length;
    if (index < 0 || (choice < 63 && index >= 1L << choice)) {
      throw noSuchBlock(longer, BigInteger.valueOf(index));
    }
    return block(longer, 0, index);
  }

  /**
   * {@return one of the blocks of a length, counted from 0 in address order}
   *
   * @param longer this prefix's length or more
   * @param index 0 for the first block
   * @throws IllegalArgumentException when the length does not fit
   * @throws IndexOutOfBoundsException when the index is negative or not below {@link #count}
   */
  public IpPrefix nth(int longer, BigInteger index) {
    int choice = checkLonger(longer) - length;
    if (index.signum() < 0 || index.bitLength() > choice) {
      throw noSuchBlock(longer, index);
    }
    return block(longer, index.shiftRight(Long.SIZE).longValue(), index.longValue());
  }

  private IpPrefix block(int longer, long indexHigh, long indexLow) {
    if (longer == 0) {
      return this;
    }
    int shift = family().bits() - longer;
    long high = Bits128.shiftedHigh(indexLow, shift);
    if (shift < 64) {
      high |= indexHigh << shift;
    }
    return new IpPrefix(address.moved(high, Bits128.shiftedLow(indexLow, shift)), longer);
  }

  private IndexOutOfBoundsException noSuchBlock(int longer, BigInteger index) {
    return new IndexOutOfBoundsException(
        "%s: has no /%d number %s; use 0 to %s"
            .formatted(this, longer, index, count(longer).subtract(BigInteger.ONE)));
  }

  private int checkLonger(int longer) {
    if (longer < length || longer > family().bits()) {
      throw new IllegalArgumentException(
          "%s: has no blocks of length %d; use %d to %d"
              .formatted(this, longer, length, family().bits()));
    }
    return longer;
  }

  /**
   * {@return the blocks of a length in address order, made one by one as they are asked for, so
   * that a /32 cut into /64s costs nothing before it is walked}
   *
   * @param longer this prefix's length or more
   * @throws IllegalArgumentException when the length does not fit
   */
  public Iterable<IpPrefix> split(int longer) {
    checkLonger(longer);
    return () -> new Blocks(this, longer);
  }

  /**
   * {@return the fewest prefixes that hold what is in this block and not in the other, sorted}
   *
   * @param other the other prefix
   */
  public List<IpPrefix> subtract(IpPrefix other) {
    if (!overlaps(other)) {
      return List.of(this);
    }
    List<IpPrefix> rest = new ArrayList<>(Math.max(0, other.length - length));
    for (int cut = length + 1; cut <= other.length; cut++) {
      rest.add(containing(other.flipped(cut), cut));
    }
    rest.sort(null);
    return List.copyOf(rest);
  }

  /** {@return the mask of the network bits: {@code 255.255.255.0} for a /24} */
  public IpAddress netmask() {
    return family().last().mask(length);
  }

  /** {@return the same addresses as a range} */
  public IpRange toRange() {
    return new IpRange(first(), last());
  }

  /**
   * {@return this prefix when it is of the family}
   *
   * @param required the family that is required
   * @throws IllegalArgumentException when it is of the other one
   */
  public IpPrefix requireFamily(IpFamily required) {
    if (family() != required) {
      throw new IllegalArgumentException(
          "%s: is an %s prefix where an %s prefix is required; use an %s prefix"
              .formatted(this, family().label(), required.label(), required.label()));
    }
    return this;
  }

  /**
   * {@return this prefix when it is what its family says: not an IPv4 block in IPv6 notation}
   *
   * @throws IllegalArgumentException when it lies inside {@code ::ffff:0:0/96}
   */
  public IpPrefix requireNative() {
    if (length >= 96 && address.isIpv4Mapped()) {
      throw new IllegalArgumentException(
          "%s: is an IPv4-mapped prefix (RFC 4291 section 2.5.5.2) where native IPv6 is required; write %s/%d if IPv4 is meant"
              .formatted(this, address.mappedIpv4().orElseThrow(), length - 96));
    }
    return this;
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + length;
  }

  /** Returns CIDR notation with RFC 5952 text. */
  @Override
  public String toString() {
    return address + "/" + length;
  }

  /** Walks the blocks of one length. */
  private static final class Blocks implements Iterator<IpPrefix> {
    private final IpAddress end;
    private final int length;
    private final long stepHigh;
    private final long stepLow;
    private IpAddress at;
    private boolean more = true;

    Blocks(IpPrefix whole, int length) {
      this.length = length;
      int shift = whole.family().bits() - length;
      // For length 0 the step is wrong and never taken: the only block is the whole.
      this.stepHigh = Bits128.shiftedHigh(1, shift);
      this.stepLow = Bits128.shiftedLow(1, shift);
      this.at = whole.first();
      this.end = whole.last().mask(length);
    }

    @Override
    public boolean hasNext() {
      return more;
    }

    @Override
    public IpPrefix next() {
      if (!more) {
        throw new NoSuchElementException("no block of length " + length + " is left");
      }
      IpPrefix block = new IpPrefix(at, length);
      more = !at.equals(end);
      if (more) {
        at = at.moved(stepHigh, stepLow);
      }
      return block;
    }
  }
}
