package io.dualstack.impl.lease.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.mariadb.MariaStoreFactory;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.LeaseRegistryContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Each registry has a pool of its own to the one database, as separate processes would. */
class MariaLeaseRegistryTest extends LeaseRegistryContract {

  @TempDir private Path folder;
  private final List<AllocationStore> stores = new ArrayList<>();

  @Override
  protected LeaseRegistry open(LeasePool pool, Clock time) {
    AllocationStore store = new MariaStoreFactory().open(MariaServer.shared().locationOf(folder));
    stores.add(store);
    return new StoreLeaseRegistry(store, pool, time, new Random(42));
  }

  @AfterEach
  void every_test_leaves_a_sound_store() {
    for (AllocationStore store : stores) {
      assertThat(StoreCheck.run(store).findings()).isEmpty();
      store.close();
    }
  }
}
