package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@link FreeSpace} must equal, in the plainest way: a sorted map of occupied intervals. */
final class IntervalSpace {
  private final IpPrefix range;
  private final BigInteger start;
  private final BigInteger end;

  /** First address to the one behind the last; neighbours are joined. */
  private final TreeMap<BigInteger, BigInteger> occupied = new TreeMap<>();

  IntervalSpace(IpPrefix range) {
    this.range = range;
    this.start = first(range);
    this.end = start.add(range.size());
  }

  boolean occupy(IpPrefix block) {
    if (!isFree(block)) {
      return false;
    }
    BigInteger from = first(block);
    BigInteger to = from.add(block.size());
    BigInteger behind = occupied.remove(to);
    Map.Entry<BigInteger, BigInteger> before = occupied.lowerEntry(from);
    boolean joins = before != null && before.getValue().equals(from);
    occupied.put(joins ? before.getKey() : from, behind == null ? to : behind);
    return true;
  }

  boolean free(IpPrefix block) {
    if (!isOccupied(block)) {
      return false;
    }
    BigInteger from = first(block);
    BigInteger to = from.add(block.size());
    Map.Entry<BigInteger, BigInteger> around = occupied.floorEntry(from);
    occupied.remove(around.getKey());
    if (around.getKey().compareTo(from) < 0) {
      occupied.put(around.getKey(), from);
    }
    if (to.compareTo(around.getValue()) < 0) {
      occupied.put(to, around.getValue());
    }
    return true;
  }

  boolean isFree(IpPrefix block) {
    BigInteger from = first(block);
    BigInteger to = from.add(block.size());
    Map.Entry<BigInteger, BigInteger> before = occupied.lowerEntry(to);
    return before == null || before.getValue().compareTo(from) <= 0;
  }

  boolean isOccupied(IpPrefix block) {
    BigInteger from = first(block);
    Map.Entry<BigInteger, BigInteger> around = occupied.floorEntry(from);
    return around != null && around.getValue().compareTo(from.add(block.size())) >= 0;
  }

  Optional<IpPrefix> lowestAtOrAfter(BigInteger from, int length) {
    if (length < range.length()) {
      return Optional.empty();
    }
    BigInteger size = BigInteger.ONE.shiftLeft(range.family().bits() - length);
    for (BigInteger[] gap : gaps()) {
      BigInteger at = gap[0].max(from);
      BigInteger aligned = at.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
      if (aligned.add(size).compareTo(gap[1]) <= 0) {
        return Optional.of(IpPrefix.of(IpAddress.of(range.family(), aligned), length));
      }
    }
    return Optional.empty();
  }

  Optional<IpPrefix> lowest(int length) {
    return lowestAtOrAfter(start, length);
  }

  List<IpPrefix> freeBlocks() {
    List<IpPrefix> blocks = new ArrayList<>();
    gaps().forEach(gap -> cut(gap[0], gap[1], blocks));
    return blocks;
  }

  List<IpPrefix> occupiedBlocks() {
    List<IpPrefix> blocks = new ArrayList<>();
    occupied.forEach((from, to) -> cut(from, to, blocks));
    return blocks;
  }

  BigInteger freeAddresses() {
    return freeBlocks().stream().map(IpPrefix::size).reduce(BigInteger.ZERO, BigInteger::add);
  }

  BigInteger freeBlocks(int length) {
    BigInteger size = BigInteger.ONE.shiftLeft(range.family().bits() - length);
    return freeBlocks().stream()
        .map(block -> block.size().divide(size))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  SortedMap<Integer, BigInteger> freeByLength() {
    SortedMap<Integer, BigInteger> counts = new TreeMap<>();
    freeBlocks().forEach(block -> counts.merge(block.length(), BigInteger.ONE, BigInteger::add));
    return counts;
  }

  private List<BigInteger[]> gaps() {
    List<BigInteger[]> gaps = new ArrayList<>();
    BigInteger at = start;
    for (Map.Entry<BigInteger, BigInteger> taken : occupied.entrySet()) {
      if (at.compareTo(taken.getKey()) < 0) {
        gaps.add(new BigInteger[] {at, taken.getKey()});
      }
      at = taken.getValue();
    }
    if (at.compareTo(end) < 0) {
      gaps.add(new BigInteger[] {at, end});
    }
    return gaps;
  }

  /** Cuts an interval into the fewest aligned blocks: always the largest that starts there. */
  private void cut(BigInteger from, BigInteger to, List<IpPrefix> into) {
    int bits = range.family().bits();
    BigInteger at = from;
    while (at.compareTo(to) < 0) {
      int aligned = at.signum() == 0 ? bits : Math.min(bits, at.getLowestSetBit());
      int order = Math.min(aligned, to.subtract(at).bitLength() - 1);
      into.add(IpPrefix.of(IpAddress.of(range.family(), at), bits - order));
      at = at.add(BigInteger.ONE.shiftLeft(order));
    }
  }

  private static BigInteger first(IpPrefix block) {
    return block.first().toBigInteger();
  }
}
