package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.testkit.contract.PrefixAllocatorContract;
import java.time.Clock;

class MemoryStoreAllocatorTest extends PrefixAllocatorContract {

  private final MemoryAllocationStore store = new MemoryAllocationStore();

  @Override
  protected PrefixAllocator allocator(AllocatorOptions options, Clock time) {
    return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
  }
}
