package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.mariadb.MariaStoreFactory;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.testkit.contract.PrefixAllocatorContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Each allocator has a pool of its own to the one database, as separate processes would. */
class MariaStoreAllocatorTest extends PrefixAllocatorContract {

  @TempDir private Path folder;
  private final List<AllocationStore> stores = new ArrayList<>();

  @Override
  protected PrefixAllocator allocator(AllocatorOptions options, Clock time) {
    AllocationStore store = new MariaStoreFactory().open(MariaServer.shared().locationOf(folder));
    stores.add(store);
    return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
  }

  @AfterEach
  void close() {
    stores.forEach(AllocationStore::close);
  }
}
