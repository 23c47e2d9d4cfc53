package io.dualstack.testkit;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ShrinkingDistance;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/**
 * Generates ranges. They shrink toward few addresses, then toward {@code 2001:db8::} and {@code
 * 192.0.2.0}. Edge cases are the whole block, its single first and last address, and both sides of
 * the 64-bit boundary.
 */
public final class IpRangeArbitrary extends ArbitraryDecorator<IpRange>
    implements ScopedArbitrary<IpRange, IpRangeArbitrary> {
  private final Pools pools;

  IpRangeArbitrary(Pools pools) {
    this.pools = pools;
  }

  @Override
  public IpRangeArbitrary family(IpFamily family) {
    return new IpRangeArbitrary(pools.only(family));
  }

  @Override
  public IpRangeArbitrary inside(IpPrefix pool) {
    return new IpRangeArbitrary(pools.inside(pool));
  }

  @Override
  protected Arbitrary<IpRange> arbitrary() {
    return new Values<>(
        this::random,
        pools.blocks().stream().flatMap(IpRangeArbitrary::edges).toList(),
        this::simpler,
        this::distance);
  }

  /** Two addresses of any kind, or a few addresses from one on. */
  private IpRange random(Random random) {
    IpPrefix block = pools.any(random);
    IpAddress one = Pools.random(block, random);
    if (random.nextBoolean()) {
      return from(one, BigInteger.valueOf(random.nextInt(20)), block);
    }
    IpAddress other = Pools.random(block, random);
    return one.compareTo(other) <= 0 ? IpRange.of(one, other) : IpRange.of(other, one);
  }

  /** The range with so many addresses behind the first, as far as the block has them. */
  private static IpRange from(IpAddress first, BigInteger more, IpPrefix block) {
    BigInteger left = block.last().toBigInteger().subtract(first.toBigInteger());
    return IpRange.of(first, first.plus(more.min(left)));
  }

  private static Stream<IpRange> edges(IpPrefix block) {
    return Stream.concat(
            Stream.of(
                IpRange.single(Pools.plainest(block)),
                block.toRange(),
                IpRange.single(block.first()),
                IpRange.single(block.last())),
            Stream.concat(Pools.middle(block), Pools.signs(block))
                .map(address -> from(address, BigInteger.ONE, block)))
        .distinct();
  }

  private Stream<IpRange> simpler(IpRange range) {
    IpPrefix block = pools.of(range.family());
    BigInteger more = more(range);
    return Stream.concat(
        Simpler.smaller(more, 0)
            .flatMap(
                fewer ->
                    Stream.of(
                        from(range.first(), fewer, block),
                        IpRange.of(range.last().plus(fewer.negate()), range.last()))),
        Simpler.addresses(range.first(), Pools.plainest(block), 0, block)
            .map(first -> from(first, more, block)));
  }

  private ShrinkingDistance distance(IpRange range) {
    IpAddress target = Pools.plainest(pools.of(range.family()));
    return Simpler.distance(more(range)).append(Simpler.distance(range.first(), target));
  }

  private static BigInteger more(IpRange range) {
    return range.size().subtract(BigInteger.ONE);
  }
}
