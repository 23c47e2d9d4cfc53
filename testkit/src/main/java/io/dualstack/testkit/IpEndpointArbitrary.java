package io.dualstack.testkit;

import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/** Generates addresses with a port. Both shrink as the addresses and ports of {@link Addresses}. */
public final class IpEndpointArbitrary extends ArbitraryDecorator<IpEndpoint>
    implements ScopedArbitrary<IpEndpoint, IpEndpointArbitrary> {
  private final IpAddressArbitrary addresses;

  IpEndpointArbitrary(IpAddressArbitrary addresses) {
    this.addresses = addresses;
  }

  @Override
  public IpEndpointArbitrary family(IpFamily family) {
    return new IpEndpointArbitrary(addresses.family(family));
  }

  @Override
  public IpEndpointArbitrary inside(IpPrefix pool) {
    return new IpEndpointArbitrary(addresses.inside(pool));
  }

  @Override
  protected Arbitrary<IpEndpoint> arbitrary() {
    return Combinators.combine(addresses, Addresses.ports()).as(IpEndpoint::of);
  }
}
