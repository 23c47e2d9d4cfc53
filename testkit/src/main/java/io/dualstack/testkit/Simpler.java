package io.dualstack.testkit;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ShrinkingDistance;

/** How addresses, and what is made of them, become simpler: towards a target, bit by bit. */
final class Simpler {
  private static final long CHUNK = 0xffff_ffffL;

  private Simpler() {}

  /**
   * Addresses of a block that are closer to a target, in steps of two to the power of {@code step}.
   * Above the target is simpler than as far below it.
   */
  static Stream<IpAddress> addresses(IpAddress value, IpAddress target, int step, IpPrefix block) {
    BigInteger goal = target.toBigInteger();
    BigInteger difference = value.toBigInteger().subtract(goal);
    Stream<BigInteger> numbers =
        difference.signum() >= 0
            ? smaller(difference, step).map(goal::add)
            : Stream.concat(
                Stream.of(goal.subtract(difference)),
                smaller(difference.negate(), step)
                    .flatMap(less -> Stream.of(goal.add(less), goal.subtract(less))));
    BigInteger last = block.last().toBigInteger();
    return numbers
        .filter(number -> number.compareTo(last) <= 0)
        .map(number -> IpAddress.of(value.family(), number));
  }

  /** Smaller numbers: none of the bits, each set bit cleared from the highest on, one step less. */
  static Stream<BigInteger> smaller(BigInteger number, int step) {
    if (number.signum() == 0) {
      return Stream.empty();
    }
    return Stream.of(
            Stream.of(BigInteger.ZERO),
            IntStream.iterate(number.bitLength() - 1, bit -> bit >= step, bit -> bit - 1)
                .filter(number::testBit)
                .mapToObj(number::clearBit),
            Optional.of(number.subtract(BigInteger.ONE.shiftLeft(step))).stream()
                .filter(less -> less.signum() >= 0))
        .flatMap(candidates -> candidates);
  }

  static ShrinkingDistance distance(IpAddress value, IpAddress target) {
    BigInteger difference = value.toBigInteger().subtract(target.toBigInteger());
    return distance(difference.abs()).append(ShrinkingDistance.of(difference.signum() < 0 ? 1 : 0));
  }

  static ShrinkingDistance distance(BigInteger number) {
    return ShrinkingDistance.of(
        chunk(number, 96), chunk(number, 64), chunk(number, 32), chunk(number, 0));
  }

  /** Distances are signed, so that 128 bits are compared 32 at a time. */
  private static long chunk(BigInteger number, int shift) {
    return number.shiftRight(shift).longValue() & CHUNK;
  }
}
