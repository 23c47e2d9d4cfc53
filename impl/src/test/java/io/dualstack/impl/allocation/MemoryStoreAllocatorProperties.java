package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.testkit.contract.PrefixAllocatorModelContract;
import java.time.Clock;

class MemoryStoreAllocatorProperties extends PrefixAllocatorModelContract {

  @Override
  protected Fixture emptyStore() {
    MemoryAllocationStore store = new MemoryAllocationStore();
    return new Fixture() {
      @Override
      public PrefixAllocator allocator(AllocatorOptions options, Clock time) {
        return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }
}
