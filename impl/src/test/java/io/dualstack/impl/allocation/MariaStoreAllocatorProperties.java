package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.mariadb.MariaStoreFactory;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.testkit.contract.PrefixAllocatorModelContract;
import java.time.Clock;
import java.util.UUID;

/** Each try has a space of its own, as making or emptying tables takes the engine long. */
class MariaStoreAllocatorProperties extends PrefixAllocatorModelContract {

  private static final String LOCATION = MariaServer.shared().empty();

  @Override
  protected Fixture emptyStore() {
    AllocationStore store = new MariaStoreFactory().open(LOCATION);
    AddressSpace space = new AddressSpace(UUID.randomUUID().toString());
    return new Fixture() {
      @Override
      public PrefixAllocator allocator(AllocatorOptions options, Clock time) {
        return new StoreBackedAllocator(store, space, options, time);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }
}
