package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.testkit.contract.AllocationStoreContract;
import java.nio.file.Path;

class PostgresAllocationStoreTest extends AllocationStoreContract {
  @Override
  protected AllocationStore open(Path folder) {
    return new PostgresStoreFactory().open(PostgresServer.shared().locationOf(folder));
  }
}
