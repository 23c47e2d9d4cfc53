package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.store.postgresql.PostgresServer;
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
class PostgresPolicyStoreTest extends PolicyStoreContract {

  @TempDir private Path folder;
  private final List<PolicyStore> stores = new CopyOnWriteArrayList<>();

  @Override
  protected PolicyStore open(int tagLength) {
    PolicyStore store =
        new PostgresPolicyStoreFactory(TestClock.atNoon())
            .open(PostgresServer.shared().locationOf(folder), tagLength);
    stores.add(store);
    return store;
  }

  @AfterEach
  void close() {
    stores.forEach(PolicyStore::close);
  }
}
