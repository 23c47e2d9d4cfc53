package io.dualstack.testkit.contract;

import io.dualstack.allocation.spi.AllocationStore;
import java.nio.file.Path;

class ReferenceStoreContractTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return new ReferenceStore(folder, ReferenceStore.Fault.NONE);
  }
}
