package io.dualstack.testkit.contract;

import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.ReferenceRegistry.Fault;
import io.dualstack.testkit.contract.ReferenceRegistry.Place;
import java.time.Clock;

/** The plainest registry holds the contract. */
class ReferenceRegistryContractTest extends LeaseRegistryContract {
  private final Place place = new Place();

  @Override
  protected LeaseRegistry open(LeasePool pool, Clock time) {
    return new ReferenceRegistry(place, pool, time, Fault.NONE);
  }
}
