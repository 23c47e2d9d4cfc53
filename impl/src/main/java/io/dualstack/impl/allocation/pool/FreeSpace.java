package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Free space of one range, an IPv4 or IPv6 prefix: finds the lowest free aligned block of any
 * length without enumeration.
 *
 * <p>It is a set of free addresses, not a list of allocations: any part of what is occupied can be
 * freed, whether it was occupied at once or in pieces. Lengths mix freely. An operation on a block
 * costs at most one step for each six bits between range and block, however many blocks there are,
 * and makes no garbage in the forms that take numbers. Memory follows the number of regions that
 * are neither wholly free nor wholly occupied: about 2 bytes a block where blocks lie densely,
 * about 60 where each stands alone.
 *
 * <p>Not thread-safe, not even for searches alone.
 */
public final class FreeSpace {
  private final IpPrefix range;
  private final IpFamily family;
  private final int bits;
  private final long baseHigh;
  private final long baseLow;
  private final FreeTree tree;

  private FreeSpace(IpPrefix range, FreeTree tree) {
    this.range = range;
    this.family = range.family();
    this.bits = family.bits();
    this.baseHigh = range.address().high();
    this.baseLow = range.address().low();
    this.tree = tree;
  }

  /** Makes a space in which every address of the range is free. */
  public static FreeSpace of(IpPrefix range) {
    return new FreeSpace(range, new FreeTree(range.family().bits() - range.length()));
  }

  /** Returns a space with the same content, independent of this one; costs a copy of its memory. */
  public FreeSpace copy() {
    return new FreeSpace(range, new FreeTree(tree));
  }

  /** Returns the range that this space divides. */
  public IpPrefix range() {
    return range;
  }

  // Changes

  /**
   * Occupies a block.
   *
   * @return false, and nothing has changed, if any of it is occupied
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean occupy(IpPrefix block) {
    requireFamily(block.address());
    return occupy(block.address().high(), block.address().low(), block.length());
  }

  /**
   * Occupies the block of this first address and length, without garbage.
   *
   * @return false, and nothing has changed, if any of it is occupied
   * @throws IllegalArgumentException when it is not inside the range, or host bits are set
   */
  public boolean occupy(long high, long low, int length) {
    requireInside(high, low, length);
    return tree.occupy(high ^ baseHigh, low ^ baseLow, bits - length);
  }

  /**
   * Frees a block.
   *
   * @return false, and nothing has changed, if any of it is free already
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean free(IpPrefix block) {
    requireFamily(block.address());
    return free(block.address().high(), block.address().low(), block.length());
  }

  /**
   * Frees the block of this first address and length, without garbage.
   *
   * @return false, and nothing has changed, if any of it is free already
   * @throws IllegalArgumentException when it is not inside the range, or host bits are set
   */
  public boolean free(long high, long low, int length) {
    requireInside(high, low, length);
    return tree.free(high ^ baseHigh, low ^ baseLow, bits - length);
  }

  /**
   * Occupies whatever of a block is still free; costs as much as it has free parts.
   *
   * @return whether there was any
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean occupyRest(IpPrefix block) {
    List<IpPrefix> rest = new ArrayList<>();
    forEachFree(block, (high, low, length) -> rest.add(prefix(high, low, length)));
    rest.forEach(this::occupy);
    return !rest.isEmpty();
  }

  /**
   * Frees whatever of a block is still occupied; costs as much as it has occupied parts.
   *
   * @return whether there was any
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean freeRest(IpPrefix block) {
    List<IpPrefix> rest = new ArrayList<>();
    forEachOccupied(block, (high, low, length) -> rest.add(prefix(high, low, length)));
    rest.forEach(this::free);
    return !rest.isEmpty();
  }

  /**
   * Occupies the lowest free aligned block of a length, without garbage.
   *
   * @return false, and nothing has changed, if there is none
   * @throws IllegalArgumentException when the family has no such length
   */
  public boolean allocateLowest(int length, BlockCursor into) {
    return fits(length) && tree.occupyLowest(bits - length) && found(length, into);
  }

  /**
   * Occupies the lowest free aligned block of a length; empty, and nothing has changed, if there is
   * none.
   *
   * @throws IllegalArgumentException when the family has no such length
   */
  public Optional<IpPrefix> allocateLowest(int length) {
    return fits(length) && tree.occupyLowest(bits - length) ? found(length) : Optional.empty();
  }

  /**
   * Occupies the lowest free aligned block of a length whose first address is this one or a later
   * one.
   *
   * @return false, and nothing has changed, if there is none; callers that go round then start
   *     again with {@link #allocateLowest(int, BlockCursor)}
   * @throws IllegalArgumentException when the family has no such length
   */
  public boolean allocateLowestAtOrAfter(long high, long low, int length, BlockCursor into) {
    return lowestAtOrAfter(high, low, length, into)
        && tree.occupy(tree.foundHigh(), tree.foundLow(), bits - length);
  }

  // Searches

  /**
   * Finds the lowest free aligned block of a length, without garbage.
   *
   * @return false if there is none
   * @throws IllegalArgumentException when the family has no such length
   */
  public boolean lowest(int length, BlockCursor into) {
    return fits(length) && tree.lowest(bits - length) && found(length, into);
  }

  /**
   * Returns the lowest free aligned block of a length.
   *
   * @throws IllegalArgumentException when the family has no such length
   */
  public Optional<IpPrefix> lowest(int length) {
    return fits(length) && tree.lowest(bits - length) ? found(length) : Optional.empty();
  }

  /**
   * Finds the lowest free aligned block of a length whose first address is this one or a later one,
   * without garbage: for starting points other than the range's, and for round robin.
   *
   * @return false if there is none
   * @throws IllegalArgumentException when the family has no such length
   */
  public boolean lowestAtOrAfter(long high, long low, int length, BlockCursor into) {
    return fits(length) && findFrom(high, low, bits - length) && found(length, into);
  }

  /**
   * Returns the lowest free aligned block of a length whose first address is this one or a later
   * one.
   *
   * @throws IllegalArgumentException when the family has no such length, or is not the range's
   */
  public Optional<IpPrefix> lowestAtOrAfter(IpAddress start, int length) {
    requireFamily(start);
    return fits(length) && findFrom(start.high(), start.low(), bits - length)
        ? found(length)
        : Optional.empty();
  }

  private boolean findFrom(long high, long low, int order) {
    int width = tree.width();
    if (!isInRange(high, low)) {
      return Bits.isBelow(high, low, baseHigh, baseLow) && tree.lowest(order);
    }
    long startHigh = (high ^ baseHigh) & ~Bits.onesHigh(order);
    long startLow = (low ^ baseLow) & ~Bits.onesLow(order);
    if (!isAligned(high, low, order)) {
      // Inside a block: the search starts with the next one, if the range has it.
      long ahead = startLow + Bits.shiftedLow(1, order);
      startHigh += Bits.shiftedHigh(1, order) + (Long.compareUnsigned(ahead, startLow) < 0 ? 1 : 0);
      startLow = ahead;
      if (isAligned(startHigh, startLow, width)) {
        return false;
      }
    }
    return tree.lowestFrom(startHigh, startLow, order);
  }

  private boolean found(int length, BlockCursor into) {
    into.set(family, baseHigh | tree.foundHigh(), baseLow | tree.foundLow(), length);
    return true;
  }

  private Optional<IpPrefix> found(int length) {
    return Optional.of(prefix(baseHigh | tree.foundHigh(), baseLow | tree.foundLow(), length));
  }

  // Questions

  /**
   * Says whether all of a block is free.
   *
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean isFree(IpPrefix block) {
    return state(block) == FreeTree.ALL_FREE;
  }

  /**
   * Says whether all of a block is occupied.
   *
   * @throws IllegalArgumentException when it is not inside the range
   */
  public boolean isOccupied(IpPrefix block) {
    return state(block) == FreeTree.ALL_OCCUPIED;
  }

  private int state(IpPrefix block) {
    requireFamily(block.address());
    long high = block.address().high();
    long low = block.address().low();
    requireInside(high, low, block.length());
    return tree.state(high ^ baseHigh, low ^ baseLow, bits - block.length());
  }

  /** Returns the number of free addresses, 0 to 2^128; kept at hand, so it costs nothing. */
  public BigInteger freeAddresses() {
    if (tree.root() == FreeTree.ALL_FREE) {
      return range.size();
    }
    BigInteger number = new BigInteger(Long.toUnsignedString(tree.freeHigh()));
    return number.shiftLeft(64).add(new BigInteger(Long.toUnsignedString(tree.freeLow())));
  }

  /**
   * Returns how many aligned blocks of a length could still be occupied, if no other length were;
   * walks the whole structure.
   *
   * @throws IllegalArgumentException when the family has no such length
   */
  public BigInteger freeBlocks(int length) {
    BigInteger sum = BigInteger.ZERO;
    if (fits(length)) {
      long[] counts = Census.of(tree);
      for (int order = bits - length; order < counts.length; order++) {
        sum = sum.add(BigInteger.valueOf(counts[order]).shiftLeft(order - (bits - length)));
      }
    }
    return sum;
  }

  /**
   * Returns by prefix length how many free aligned blocks there are that are not part of a larger
   * one, which shows how fragmented the space is; walks the whole structure.
   */
  public SortedMap<Integer, BigInteger> freeByLength() {
    SortedMap<Integer, BigInteger> byLength = new TreeMap<>();
    long[] counts = Census.of(tree);
    for (int order = 0; order < counts.length; order++) {
      if (counts[order] != 0) {
        byLength.put(bits - order, BigInteger.valueOf(counts[order]));
      }
    }
    return byLength;
  }

  /**
   * Returns the shortest prefix length of which there is a free block; empty if all is occupied.
   */
  public Optional<Integer> largestFreeLength() {
    int order = tree.largestOrder();
    return order == FreeTree.NOTHING ? Optional.empty() : Optional.of(bits - order);
  }

  /** Shows the free space in address order, as the fewest blocks it can be cut into. */
  public void forEachFree(BlockVisitor visitor) {
    forEachFree(range, visitor);
  }

  /**
   * Shows what is free inside a block, in address order, as the fewest blocks.
   *
   * @throws IllegalArgumentException when the block is not inside the range
   */
  public void forEachFree(IpPrefix block, BlockVisitor visitor) {
    walk(block, true, visitor);
  }

  /**
   * Shows what is occupied in address order, as the fewest blocks: neighbours are joined, however
   * they were occupied.
   */
  public void forEachOccupied(BlockVisitor visitor) {
    forEachOccupied(range, visitor);
  }

  /**
   * Shows what is occupied inside a block, in address order, as the fewest blocks.
   *
   * @throws IllegalArgumentException when the block is not inside the range
   */
  public void forEachOccupied(IpPrefix block, BlockVisitor visitor) {
    walk(block, false, visitor);
  }

  private void walk(IpPrefix block, boolean free, BlockVisitor visitor) {
    requireFamily(block.address());
    long high = block.address().high();
    long low = block.address().low();
    requireInside(high, low, block.length());
    new TreeWalk(tree, free, baseHigh, baseLow, bits, visitor)
        .inside(high ^ baseHigh, low ^ baseLow, bits - block.length());
  }

  /** Returns about how many bytes of heap the space takes. */
  public long heapBytes() {
    return 300 + tree.pool.heapBytes();
  }

  /** Returns the structure, for checks of its invariants. */
  FreeTree tree() {
    return tree;
  }

  // Borders

  private IpPrefix prefix(long high, long low, int length) {
    return new IpPrefix(new IpAddress(family, high, low), length);
  }

  /** Says whether the range can hold blocks of this length at all. */
  private boolean fits(int length) {
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "/%d: %s has no such prefix length; use 0 to %d".formatted(length, family.label(), bits));
    }
    return length >= range.length();
  }

  private void requireFamily(IpAddress address) {
    if (address.family() != family) {
      throw new IllegalArgumentException(
          "%s: is not in %s, which is %s; use an address of that family"
              .formatted(address, range, family.label()));
    }
  }

  private void requireInside(long high, long low, int length) {
    int order = bits - length;
    boolean inside =
        order >= 0 && order <= tree.width() && isInRange(high, low) && isAligned(high, low, order);
    if (!inside) {
      throw new IllegalArgumentException(
          "%s/%d: is not a block inside %s; use one that lies in it and has no host bits set"
              .formatted(text(high, low), length, range));
    }
  }

  private boolean isInRange(long high, long low) {
    int width = tree.width();
    return ((high ^ baseHigh) & ~Bits.onesHigh(width)) == 0
        && ((low ^ baseLow) & ~Bits.onesLow(width)) == 0;
  }

  private static boolean isAligned(long high, long low, int order) {
    return (high & Bits.onesHigh(order)) == 0 && (low & Bits.onesLow(order)) == 0;
  }

  private String text(long high, long low) {
    boolean tooWide = family == IpFamily.IPV4 && (high | low >>> 32) != 0;
    return tooWide ? "0x%x%016x".formatted(high, low) : new IpAddress(family, high, low).toString();
  }
}
