package io.dualstack.testkit;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ShrinkingDistance;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/**
 * Generates prefixes. They shrink toward {@code 2001:db8::/32} and {@code 192.0.2.0/24}, or what is
 * closest to them among the lengths and blocks asked for. Edge cases are the shortest and longest
 * length, /31, /32, /64, /80, /127 and /128, each at both ends, at the 64-bit boundary and at
 * {@code ::ffff:0:0}.
 */
public final class IpPrefixArbitrary extends ArbitraryDecorator<IpPrefix>
    implements ScopedArbitrary<IpPrefix, IpPrefixArbitrary> {
  /** Lengths that networks really have, or next to which software goes wrong. */
  private static final int[] NOTED = {
    0, 8, 16, 24, 28, 30, 31, 32, 48, 56, 63, 64, 65, 80, 96, 112, 126, 127, 128
  };

  private final Pools pools;
  private final int min;
  private final int max;

  IpPrefixArbitrary(Pools pools, int min, int max) {
    this.pools = pools.withLengths(min, max);
    this.min = min;
    this.max = max;
  }

  @Override
  public IpPrefixArbitrary family(IpFamily family) {
    return new IpPrefixArbitrary(pools.only(family), min, max);
  }

  @Override
  public IpPrefixArbitrary inside(IpPrefix pool) {
    return new IpPrefixArbitrary(pools.inside(pool), min, max);
  }

  /**
   * Keeps to prefixes of some lengths; a family that has none of them is left out.
   *
   * @param shortest the shortest length, 0 to 128
   * @param longest the longest length, from {@code shortest} on
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  public IpPrefixArbitrary lengthBetween(int shortest, int longest) {
    int atLeast = Math.max(min, shortest);
    int atMost = Math.min(max, longest);
    if (atLeast > atMost) {
      throw new IllegalArgumentException(
          "/%d to /%d: no length is left of /%d to /%d; ask for lengths that go together"
              .formatted(shortest, longest, min, max));
    }
    return new IpPrefixArbitrary(pools, atLeast, atMost);
  }

  /**
   * Keeps to prefixes of one length.
   *
   * @param length 0 to 32 or 128
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  public IpPrefixArbitrary length(int length) {
    return lengthBetween(length, length);
  }

  /**
   * Keeps to prefixes that are longer, and so smaller, than a length.
   *
   * @param length 0 to 31 or 127
   * @return a generator of fewer values
   * @throws IllegalArgumentException if that leaves no value
   */
  public IpPrefixArbitrary longerThan(int length) {
    return lengthBetween(length + 1, IpFamily.IPV6.bits());
  }

  @Override
  protected Arbitrary<IpPrefix> arbitrary() {
    return new Values<>(
        this::random,
        pools.blocks().stream().flatMap(this::edges).toList(),
        this::simpler,
        this::distance);
  }

  private int shortest(IpPrefix block) {
    return Math.max(min, block.length());
  }

  private int longest(IpPrefix block) {
    return Math.min(max, block.family().bits());
  }

  private IpPrefix random(Random random) {
    IpPrefix block = pools.any(random);
    int[] noted =
        IntStream.of(NOTED)
            .filter(length -> length >= shortest(block) && length <= longest(block))
            .toArray();
    int length =
        noted.length > 0 && random.nextBoolean()
            ? noted[random.nextInt(noted.length)]
            : shortest(block) + random.nextInt(longest(block) - shortest(block) + 1);
    return IpPrefix.containing(Pools.random(block, random), length);
  }

  private Stream<IpPrefix> edges(IpPrefix block) {
    IpAddress plain = Pools.plainest(block);
    IntStream lengths =
        block.family() == IpFamily.IPV6
            ? IntStream.of(plainestLength(block), 64, 80, 127, 128)
            : IntStream.of(plainestLength(block), 31, 32);
    return Stream.of(
            lengths
                .filter(length -> length >= shortest(block) && length <= longest(block))
                .mapToObj(length -> IpPrefix.containing(plain, length)),
            Stream.of(
                IpPrefix.containing(block.first(), shortest(block)),
                IpPrefix.containing(block.first(), longest(block)),
                IpPrefix.containing(block.last(), longest(block))),
            Pools.middle(block)
                .map(
                    address ->
                        IpPrefix.containing(
                            address, address.low() == 0 ? fitting(block, 64) : longest(block))),
            Pools.mapped(block).map(address -> IpPrefix.containing(address, fitting(block, 96))))
        .flatMap(prefixes -> prefixes)
        .distinct();
  }

  private int fitting(IpPrefix block, int length) {
    return Math.max(shortest(block), Math.min(longest(block), length));
  }

  private int plainestLength(IpPrefix block) {
    return fitting(block, block.family() == IpFamily.IPV6 ? 32 : 24);
  }

  private Stream<IpPrefix> simpler(IpPrefix prefix) {
    IpPrefix block = pools.of(prefix.family());
    int length = prefix.length();
    int plainest = plainestLength(block);
    IpAddress target = Pools.plainest(block).mask(length);
    return Stream.concat(
        IntStream.of(plainest, (length + plainest) / 2, length + Integer.signum(plainest - length))
            .mapToObj(shorter -> IpPrefix.containing(prefix.address(), shorter)),
        Simpler.addresses(prefix.address(), target, prefix.family().bits() - length, block)
            .map(address -> IpPrefix.of(address, length)));
  }

  private ShrinkingDistance distance(IpPrefix prefix) {
    IpPrefix block = pools.of(prefix.family());
    IpAddress target = Pools.plainest(block).mask(prefix.length());
    return ShrinkingDistance.of(Math.abs(prefix.length() - plainestLength(block)))
        .append(Simpler.distance(prefix.address(), target));
  }
}
