package io.dualstack.impl.allocation.store.memory;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.testkit.contract.AllocationStoreContract;
import java.nio.file.Path;

class MemoryAllocationStoreTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return new MemoryAllocationStore();
  }

  @Override
  protected boolean survivesReopen() {
    return false;
  }

  @Override
  protected boolean sharedByProcesses() {
    return false;
  }
}
