package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.testkit.contract.AllocationStoreContract;
import java.nio.file.Path;

class MariaAllocationStoreTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return new MariaStoreFactory().open(MariaServer.shared().locationOf(folder));
  }
}
