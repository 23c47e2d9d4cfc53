package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.testkit.contract.AllocationStoreContract;
import java.nio.file.Path;

class SqliteAllocationStoreTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return SqliteAllocationStore.open(folder.resolve("store.db"));
  }
}
