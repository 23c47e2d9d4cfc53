package io.dualstack.testkit;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.ArbitraryDecorator;

/** Generates sets of up to eight ranges. They shrink toward few ranges of few addresses. */
public final class IpSetArbitrary extends ArbitraryDecorator<IpSet>
    implements ScopedArbitrary<IpSet, IpSetArbitrary> {
  private static final int MOST_RANGES = 8;

  private final IpRangeArbitrary ranges;

  IpSetArbitrary(IpRangeArbitrary ranges) {
    this.ranges = ranges;
  }

  @Override
  public IpSetArbitrary family(IpFamily family) {
    return new IpSetArbitrary(ranges.family(family));
  }

  @Override
  public IpSetArbitrary inside(IpPrefix pool) {
    return new IpSetArbitrary(ranges.inside(pool));
  }

  @Override
  protected Arbitrary<IpSet> arbitrary() {
    return ranges.list().ofMaxSize(MOST_RANGES).map(IpSet::of);
  }
}
