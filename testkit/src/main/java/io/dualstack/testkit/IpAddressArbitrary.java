package io.dualstack.testkit;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/**
 * Generates addresses. They shrink toward {@code 2001:db8::} and {@code 192.0.2.0}, or toward the
 * first address of a block that has none for documentation. Edge cases are both ends, both sides of
 * the 64-bit boundary, and {@code ::ffff:0.0.0.0}.
 */
public final class IpAddressArbitrary extends ArbitraryDecorator<IpAddress>
    implements ScopedArbitrary<IpAddress, IpAddressArbitrary> {
  private final Pools pools;

  IpAddressArbitrary(Pools pools) {
    this.pools = pools;
  }

  @Override
  public IpAddressArbitrary family(IpFamily family) {
    return new IpAddressArbitrary(pools.only(family));
  }

  @Override
  public IpAddressArbitrary inside(IpPrefix pool) {
    return new IpAddressArbitrary(pools.inside(pool));
  }

  @Override
  protected Arbitrary<IpAddress> arbitrary() {
    return new Values<>(
        random -> Pools.random(pools.any(random), random),
        pools.blocks().stream().flatMap(Pools::edges).toList(),
        address -> Simpler.addresses(address, target(address), 0, pools.of(address.family())),
        address -> Simpler.distance(address, target(address)));
  }

  private IpAddress target(IpAddress address) {
    return Pools.plainest(pools.of(address.family()));
  }
}
