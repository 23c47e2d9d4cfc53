package io.dualstack.net;

import java.math.BigInteger;

/**
 * Arithmetic on unsigned numbers of 128 bits, held as a high and a low {@code long}.
 *
 * <p>Java returns one value per method, so each operation comes as a pair, {@code …High} and {@code
 * …Low}; the compiler inlines both and nothing is allocated. IPv4 addresses use the low 32 bits,
 * which lets one set of formulas serve both families: a prefix is described by the number of its
 * host bits, not by its length.
 */
final class Bits128 {
  private Bits128() {}

  static int compare(long high1, long low1, long high2, long low2) {
    int byHigh = Long.compareUnsigned(high1, high2);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low1, low2);
  }

  /** High half of the number whose lowest {@code count} bits (0 to 128) are one. */
  static long lowOnesHigh(int count) {
    if (count <= 64) {
      return 0;
    }
    return count == 128 ? -1L : (1L << (count - 64)) - 1;
  }

  /** Low half of the number whose lowest {@code count} bits (0 to 128) are one. */
  static long lowOnesLow(int count) {
    return count >= 64 ? -1L : (1L << count) - 1;
  }

  static long plusHigh(long high1, long low1, long high2, long low2) {
    long carry = Long.compareUnsigned(low1 + low2, low1) < 0 ? 1 : 0;
    return high1 + high2 + carry;
  }

  static long plusLow(long low1, long low2) {
    return low1 + low2;
  }

  static long minusHigh(long high1, long low1, long high2, long low2) {
    long borrow = Long.compareUnsigned(low1, low2) < 0 ? 1 : 0;
    return high1 - high2 - borrow;
  }

  static long minusLow(long low1, long low2) {
    return low1 - low2;
  }

  /** High half of {@code value << shift} for an unsigned value of 64 bits; shift 0 to 127. */
  static long shiftedHigh(long value, int shift) {
    if (shift >= 64) {
      return value << (shift - 64);
    }
    return shift == 0 ? 0 : value >>> (64 - shift);
  }

  /** Low half of {@code value << shift} for an unsigned value of 64 bits; shift 0 to 127. */
  static long shiftedLow(long value, int shift) {
    return shift >= 64 ? 0 : value << shift;
  }

  /** Number of zero bits below the lowest one; 128 for zero. */
  static int trailingZeros(long high, long low) {
    return low != 0 ? Long.numberOfTrailingZeros(low) : 64 + Long.numberOfTrailingZeros(high);
  }

  /** The largest n for which 2 to the power n is at most the number plus one; 0 to 128. */
  static int log2OfNext(long high, long low) {
    if (high == -1L && low == -1L) {
      return 128;
    }
    long nextLow = low + 1;
    long nextHigh = nextLow == 0 ? high + 1 : high;
    return nextHigh != 0
        ? 127 - Long.numberOfLeadingZeros(nextHigh)
        : 63 - Long.numberOfLeadingZeros(nextLow);
  }

  static BigInteger toBigInteger(long high, long low) {
    if (high == 0 && low >= 0) {
      return BigInteger.valueOf(low);
    }
    byte[] bytes = new byte[16];
    put(high, bytes, 0);
    put(low, bytes, 8);
    return new BigInteger(1, bytes);
  }

  /** Writes a number into 8 bytes, most significant first. */
  static void put(long value, byte[] into, int offset) {
    for (int i = 0; i < Long.BYTES; i++) {
      into[offset + i] = (byte) (value >>> (56 - Byte.SIZE * i));
    }
  }

  /** Reads {@code count} bytes (at most 8), most significant first, as an unsigned number. */
  static long get(byte[] from, int offset, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << Byte.SIZE | (from[offset + i] & 0xff);
    }
    return value;
  }
}
