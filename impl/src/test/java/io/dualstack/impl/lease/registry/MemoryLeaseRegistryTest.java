package io.dualstack.impl.lease.registry;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.LeaseRegistryContract;
import java.time.Clock;
import java.util.Random;

class MemoryLeaseRegistryTest extends LeaseRegistryContract {

  private final AllocationStore store = new MemoryAllocationStore();

  @Override
  protected LeaseRegistry open(LeasePool pool, Clock time) {
    return new StoreLeaseRegistry(store, pool, time, new Random(42));
  }
}
