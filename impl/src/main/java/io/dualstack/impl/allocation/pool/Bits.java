package io.dualstack.impl.allocation.pool;

/**
 * Bit tricks of the radix tree: addresses as two longs cut into digits of six bits, and runs of set
 * bits in the word that describes a node's 64 children.
 */
final class Bits {
  /** Bits of an address that one level of the tree decides. */
  static final int DIGIT = 6;

  private Bits() {}

  /** Returns the six bits of the address at bit {@code 6 * level}. */
  static int digit(long high, long low, int level) {
    int shift = level * DIGIT;
    long bits;
    if (shift <= 58) {
      bits = low >>> shift;
    } else if (shift >= 64) {
      bits = high >>> (shift - 64);
    } else {
      bits = low >>> shift | high << (64 - shift);
    }
    return (int) bits & 63;
  }

  /** Returns the upper half of {@code value << shift}, for a value that fits when shifted. */
  static long shiftedHigh(long value, int shift) {
    if (shift >= 64) {
      return shift == 128 ? 0 : value << (shift - 64);
    }
    return shift == 0 ? 0 : value >>> (64 - shift);
  }

  /** Returns the lower half of {@code value << shift}. */
  static long shiftedLow(long value, int shift) {
    return shift >= 64 ? 0 : value << shift;
  }

  /** Returns the upper half of a mask of the lowest {@code count} bits, 0 to 128. */
  static long onesHigh(int count) {
    return count <= 64 ? 0 : -1L >>> (128 - count);
  }

  /** Returns the lower half of a mask of the lowest {@code count} bits, 0 to 128. */
  static long onesLow(int count) {
    return count >= 64 ? -1L : (1L << count) - 1;
  }

  /** Says whether the first address lies before the second. */
  static boolean isBelow(long high1, long low1, long high2, long low2) {
    int byHigh = Long.compareUnsigned(high1, high2);
    return byHigh < 0 || (byHigh == 0 && Long.compareUnsigned(low1, low2) < 0);
  }

  /** Returns the level whose digit is the highest in which the addresses differ; -1 if equal. */
  static int differingLevel(long high1, long low1, long high2, long low2) {
    long high = high1 ^ high2;
    if (high != 0) {
      return (127 - Long.numberOfLeadingZeros(high)) / DIGIT;
    }
    long low = low1 ^ low2;
    return low == 0 ? -1 : (63 - Long.numberOfLeadingZeros(low)) / DIGIT;
  }

  /** Returns the bits of the {@code 2^order} children from this digit on; order at most 5. */
  static long run(int digit, int order) {
    return ((1L << (1 << order)) - 1) << digit;
  }

  /**
   * Returns a word whose bit d is set when d is a multiple of {@code 2^order} and the word has
   * {@code 2^order} set bits from d on; order at most 5.
   */
  static long alignedRuns(long word, int order) {
    long runs = word;
    if (order > 0) {
      runs &= runs >>> 1 & 0x5555_5555_5555_5555L;
    }
    if (order > 1) {
      runs &= runs >>> 2 & 0x1111_1111_1111_1111L;
    }
    if (order > 2) {
      runs &= runs >>> 4 & 0x0101_0101_0101_0101L;
    }
    if (order > 3) {
      runs &= runs >>> 8 & 0x0001_0001_0001_0001L;
    }
    if (order > 4) {
      runs &= runs >>> 16 & 0x0000_0001_0000_0001L;
    }
    return runs;
  }

  /** Returns the order of the longest aligned run in a word that has a bit set. */
  static int longestRun(long word) {
    int order = 0;
    long runs = word & word >>> 1 & 0x5555_5555_5555_5555L;
    if (runs != 0) {
      order = 1;
      runs &= runs >>> 2 & 0x1111_1111_1111_1111L;
      if (runs != 0) {
        order = 2;
        runs &= runs >>> 4 & 0x0101_0101_0101_0101L;
        if (runs != 0) {
          order = 3;
          runs &= runs >>> 8 & 0x0001_0001_0001_0001L;
          if (runs != 0) {
            order = (runs & runs >>> 16 & 0x0000_0001_0000_0001L) != 0 ? 5 : 4;
          }
        }
      }
    }
    return order;
  }

  /** Returns the order of the largest aligned run that starts at this digit, whose bit is set. */
  static int runFrom(long word, int digit) {
    int order = 0;
    while (order < 5
        && (digit & ((2 << order) - 1)) == 0
        && (word & run(digit, order + 1)) == run(digit, order + 1)) {
      order++;
    }
    return order;
  }

  // Eight bytes of a word at once, each 0 to 127: the highest bit of each is free for a carry.

  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

  /** Returns a word with the highest bit of each byte set that is at least this, 0 to 127. */
  static long bytesAtLeast(long bytes, int least) {
    return ((bytes | HIGHEST_BITS) - least * LOWEST_BITS) & HIGHEST_BITS;
  }

  /** Returns a word of the larger bytes of two words, place by place. */
  static long largerBytes(long bytes1, long bytes2) {
    long firstIsLarger = ((bytes1 | HIGHEST_BITS) - bytes2) & HIGHEST_BITS;
    long mask = (firstIsLarger >>> 7) * 0xff;
    return (bytes1 & mask) | (bytes2 & ~mask);
  }

  /** Returns the largest byte of a word. */
  static int largestByte(long bytes) {
    long four = largerBytes(bytes, bytes >>> 32);
    long two = largerBytes(four, four >>> 16);
    return (int) largerBytes(two, two >>> 8) & 0xff;
  }
}
