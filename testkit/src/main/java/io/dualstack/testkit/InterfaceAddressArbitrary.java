package io.dualstack.testkit;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/**
 * Generates addresses with the length of their network. Addresses shrink as those of {@link
 * IpAddressArbitrary}, lengths toward /64 and /24; both ends of the lengths are edge cases.
 */
public final class InterfaceAddressArbitrary extends ArbitraryDecorator<InterfaceAddress>
    implements ScopedArbitrary<InterfaceAddress, InterfaceAddressArbitrary> {
  private final Pools pools;

  InterfaceAddressArbitrary(Pools pools) {
    this.pools = pools;
  }

  @Override
  public InterfaceAddressArbitrary family(IpFamily family) {
    return new InterfaceAddressArbitrary(pools.only(family));
  }

  @Override
  public InterfaceAddressArbitrary inside(IpPrefix pool) {
    return new InterfaceAddressArbitrary(pools.inside(pool));
  }

  @Override
  protected Arbitrary<InterfaceAddress> arbitrary() {
    return Arbitraries.oneOf(pools.blocks().stream().map(this::in).toList());
  }

  private Arbitrary<InterfaceAddress> in(IpPrefix block) {
    int longest = block.family().bits();
    return Combinators.combine(
            new IpAddressArbitrary(pools.only(block.family())),
            Arbitraries.integers()
                .between(0, longest)
                .shrinkTowards(block.family() == IpFamily.IPV6 ? 64 : 24)
                .edgeCases(edges -> edges.includeOnly(0, longest)))
        .as(InterfaceAddress::of);
  }
}
