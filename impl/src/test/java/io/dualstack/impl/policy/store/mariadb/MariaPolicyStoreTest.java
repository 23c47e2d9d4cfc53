package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.contract.PolicyStoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each store has connections of its own to the one database, as separate processes would; the clock
 * stands still, in the past of the database.
 */
class MariaPolicyStoreTest extends PolicyStoreContract {

  @TempDir private Path folder;
  private final List<PolicyStore> stores = new CopyOnWriteArrayList<>();

  @Override
  protected PolicyStore open(int tagLength) {
    PolicyStore store =
        new MariaPolicyStoreFactory(TestClock.atNoon())
            .open(MariaServer.shared().locationOf(folder), tagLength);
    stores.add(store);
    return store;
  }

  @AfterEach
  void close() {
    stores.forEach(PolicyStore::close);
  }
}
