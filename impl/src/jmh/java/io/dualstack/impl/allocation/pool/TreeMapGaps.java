package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one writes in an afternoon: the free gaps in a {@code TreeMap} by first address, joined on
 * release; allocation takes the first gap in which an aligned block fits. Good while all blocks
 * have one length; mixed lengths make it walk.
 */
final class TreeMapGaps implements BlockPool {
  /** An address. */
  record Address(long high, long low) implements Comparable<Address> {
    @Override
    public int compareTo(Address other) {
      int byHigh = Long.compareUnsigned(high, other.high);
      return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    Address next() {
      return new Address(low == -1 ? high + 1 : high, low + 1);
    }

    Address previous() {
      return new Address(low == 0 ? high - 1 : high, low - 1);
    }

    /** Returns the last address of the block of this order that starts here. */
    Address lastOfBlock(int order) {
      return new Address(high | Bits.onesHigh(order), low | Bits.onesLow(order));
    }

    /** Returns the first address of the block of this order around. */
    Address firstOfBlock(int order) {
      return new Address(high & ~Bits.onesHigh(order), low & ~Bits.onesLow(order));
    }
  }

  /** First to last address of each gap. */
  private final TreeMap<Address, Address> gaps = new TreeMap<>();

  TreeMapGaps(IpPrefix range) {
    Address first = new Address(range.address().high(), range.address().low());
    gaps.put(first, first.lastOfBlock(128 - range.length()));
  }

  @Override
  public boolean occupy(long high, long low, int length) {
    Address first = new Address(high, low);
    Address last = first.lastOfBlock(128 - length);
    Map.Entry<Address, Address> gap = gaps.floorEntry(first);
    if (gap == null || gap.getValue().compareTo(last) < 0) {
      return false;
    }
    take(gap, first, last);
    return true;
  }

  @Override
  public boolean allocateLowest(int length, BlockCursor into) {
    int order = 128 - length;
    for (Map.Entry<Address, Address> gap : gaps.entrySet()) {
      Address first = gap.getKey().firstOfBlock(order);
      if (!first.equals(gap.getKey())) {
        first = first.lastOfBlock(order).next();
      }
      Address last = first.lastOfBlock(order);
      if (first.compareTo(gap.getKey()) >= 0 && last.compareTo(gap.getValue()) <= 0) {
        take(gap, first, last);
        into.set(IpFamily.IPV6, first.high(), first.low(), length);
        return true;
      }
    }
    return false;
  }

  private void take(Map.Entry<Address, Address> gap, Address first, Address last) {
    Address gapFirst = gap.getKey();
    Address gapLast = gap.getValue();
    gaps.remove(gapFirst);
    if (gapFirst.compareTo(first) < 0) {
      gaps.put(gapFirst, first.previous());
    }
    if (last.compareTo(gapLast) < 0) {
      gaps.put(last.next(), gapLast);
    }
  }

  @Override
  public boolean release(long high, long low, int length) {
    Address first = new Address(high, low);
    Address last = first.lastOfBlock(128 - length);
    Map.Entry<Address, Address> before = gaps.lowerEntry(first);
    if (before != null && before.getValue().next().equals(first)) {
      first = before.getKey();
    }
    Address behind = gaps.remove(last.next());
    gaps.put(first, behind == null ? last : behind);
    return true;
  }
}
