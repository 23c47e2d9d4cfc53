package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Ranges of every width and at every place, and what may be done to them step by step. */
final class Scenarios {
  private Scenarios() {}

  enum Verb {
    OCCUPY,
    FREE,
    ALLOCATE_LOWEST,
    ALLOCATE_FROM,
    OCCUPY_REST,
    FREE_REST
  }

  /**
   * One step.
   *
   * @param block a block inside the range
   * @param again index of an earlier step's block to take instead, if there is one: else few steps
   *     would meet what others left
   */
  record Step(Verb verb, IpPrefix block, int again) {}

  /** A range and steps with the blocks they really mean. */
  record Story(IpPrefix range, List<Step> steps) {
    Story {
      List<Step> resolved = new ArrayList<>();
      for (Step step : steps) {
        boolean repeats = step.again() < resolved.size();
        IpPrefix block = repeats ? resolved.get(step.again()).block() : step.block();
        resolved.add(new Step(step.verb(), block, step.again()));
      }
      steps = List.copyOf(resolved);
    }
  }

  static Arbitrary<Story> stories(Arbitrary<IpPrefix> ranges) {
    return ranges.flatMap(
        range ->
            steps(range).list().ofMinSize(1).ofMaxSize(40).map(steps -> new Story(range, steps)));
  }

  /** Prefixes of any length, with the ends of both families and both sides of bit 64. */
  static Arbitrary<IpPrefix> ranges() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.integers().between(0, 128)),
            Tuple.of(1, Arbitraries.of(0, 8, 32, 48, 60, 62, 63, 64, 65, 66, 80, 96, 127, 128)));
    Arbitrary<IpPrefix> ipv6 =
        Combinators.combine(number(128), lengths)
            .as((at, length) -> prefix(IpFamily.IPV6, at, length));
    Arbitrary<IpPrefix> ipv4 =
        Combinators.combine(number(32), Arbitraries.integers().between(0, 32))
            .as((at, length) -> prefix(IpFamily.IPV4, at, length));
    return Arbitraries.frequencyOf(Tuple.of(2, ipv6), Tuple.of(1, ipv4));
  }

  static Arbitrary<Step> steps(IpPrefix range) {
    Arbitrary<Verb> verbs =
        Arbitraries.frequency(
            Tuple.of(6, Verb.OCCUPY),
            Tuple.of(6, Verb.FREE),
            Tuple.of(3, Verb.ALLOCATE_LOWEST),
            Tuple.of(2, Verb.ALLOCATE_FROM),
            Tuple.of(1, Verb.OCCUPY_REST),
            Tuple.of(1, Verb.FREE_REST));
    return Combinators.combine(verbs, blocks(range), Arbitraries.integers().between(0, 60))
        .as(Step::new);
  }

  private static Arbitrary<IpPrefix> blocks(IpPrefix range) {
    int width = range.family().bits() - range.length();
    BigInteger base = range.first().toBigInteger();
    return Combinators.combine(number(width), Arbitraries.integers().between(0, width))
        .as((host, order) -> prefix(range.family(), base.add(host), range.length() + order));
  }

  /** Numbers of so many bits: any, very low, very high, and with few bits set, which lie apart. */
  private static Arbitrary<BigInteger> number(int bits) {
    BigInteger end = BigInteger.ONE.shiftLeft(bits);
    BigInteger last = end.subtract(BigInteger.ONE);
    Arbitrary<BigInteger> small =
        Arbitraries.integers().between(0, 300).map(number -> BigInteger.valueOf(number).min(last));
    Arbitrary<BigInteger> sparse =
        Arbitraries.integers()
            .between(0, Math.max(0, bits - 1))
            .list()
            .ofMaxSize(3)
            .map(set -> set.stream().reduce(BigInteger.ZERO, BigInteger::setBit, (a, b) -> a))
            .map(number -> number.min(last));
    Arbitrary<BigInteger> any = Arbitraries.bigIntegers().between(BigInteger.ZERO, last);
    return Arbitraries.frequencyOf(
        Tuple.of(2, any),
        Tuple.of(3, small),
        Tuple.of(1, small.map(last::subtract)),
        Tuple.of(3, sparse));
  }

  private static IpPrefix prefix(IpFamily family, BigInteger at, int length) {
    return IpPrefix.containing(IpAddress.of(family, at), length);
  }
}
