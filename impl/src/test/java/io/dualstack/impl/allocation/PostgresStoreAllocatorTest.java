package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.postgresql.PostgresStoreFactory;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.testkit.contract.PrefixAllocatorContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Each allocator has a pool of its own to the one database, as separate processes would. */
class PostgresStoreAllocatorTest extends PrefixAllocatorContract {

  @TempDir private Path folder;
  private final List<AllocationStore> stores = new ArrayList<>();

  @Override
  protected PrefixAllocator allocator(AllocatorOptions options, Clock time) {
    AllocationStore store =
        new PostgresStoreFactory().open(PostgresServer.shared().locationOf(folder));
    stores.add(store);
    return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
  }

  @AfterEach
  void close() {
    stores.forEach(AllocationStore::close);
  }
}
