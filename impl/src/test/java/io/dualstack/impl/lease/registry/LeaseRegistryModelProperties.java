package io.dualstack.impl.lease.registry;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.LeaseRegistryModelContract;
import java.time.Clock;
import java.util.Random;

class LeaseRegistryModelProperties extends LeaseRegistryModelContract {

  @Override
  protected Fixture emptyPlace() {
    AllocationStore store = new MemoryAllocationStore();
    return new Fixture() {
      @Override
      public LeaseRegistry open(LeasePool pool, Clock time) {
        return new StoreLeaseRegistry(store, pool, time, new Random(42));
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }
}
