package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BitsProperties {
  private static final long SEVEN_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

  @Property
  void eight_bytes_are_compared_as_one_by_one(
      @ForAll long any, @ForAll long other, @ForAll @IntRange(max = 127) int least) {
    long first = any & SEVEN_BITS;
    long second = other & SEVEN_BITS;

    long atLeast = Bits.bytesAtLeast(first, least);
    long larger = Bits.largerBytes(first, second);

    int largest = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      assertThat(byteAt(atLeast, i)).isEqualTo(byteAt(first, i) >= least ? 0x80 : 0);
      assertThat(byteAt(larger, i)).isEqualTo(Math.max(byteAt(first, i), byteAt(second, i)));
      largest = Math.max(largest, byteAt(first, i));
    }
    assertThat(Bits.largestByte(first)).isEqualTo(largest);
  }

  @Property
  void aligned_runs_are_found_where_all_their_bits_are_set(
      @ForAll long any, @ForAll long mask, @ForAll @IntRange(max = 5) int order) {
    long word = any | mask;

    long runs = Bits.alignedRuns(word, order);

    for (int digit = 0; digit < Long.SIZE; digit++) {
      boolean aligned = digit % (1 << order) == 0;
      boolean expected = aligned && (word & Bits.run(digit, order)) == Bits.run(digit, order);
      assertThat((runs >>> digit & 1) != 0).as("digit %s", digit).isEqualTo(expected);
    }
    if (word != 0) {
      assertThat(Bits.longestRun(word) >= order).isEqualTo(runs != 0);
    }
  }

  @Property
  void a_digit_is_six_bits_of_the_address(
      @ForAll long high, @ForAll long low, @ForAll @IntRange(max = 21) int level) {
    BigInteger address =
        new BigInteger(Long.toUnsignedString(high))
            .shiftLeft(Long.SIZE)
            .add(new BigInteger(Long.toUnsignedString(low)));

    int digit = Bits.digit(high, low, level);

    assertThat(digit).isEqualTo(address.shiftRight(6 * level).intValue() & 63);
  }

  private static int byteAt(long bytes, int index) {
    return (int) (bytes >>> (index * Byte.SIZE)) & 0xff;
  }
}
