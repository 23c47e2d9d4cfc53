package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.testkit.contract.PrefixAllocatorContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Each allocator has a connection of its own to the one file, as separate processes would. */
class SqliteStoreAllocatorTest extends PrefixAllocatorContract {

  @TempDir private Path folder;
  private final List<AllocationStore> stores = new ArrayList<>();

  @Override
  protected PrefixAllocator allocator(AllocatorOptions options, Clock time) {
    AllocationStore store = new SqliteStoreFactory().open("sqlite:" + folder.resolve("ips.db"));
    stores.add(store);
    return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
  }

  @AfterEach
  void close() {
    stores.forEach(AllocationStore::close);
  }
}
