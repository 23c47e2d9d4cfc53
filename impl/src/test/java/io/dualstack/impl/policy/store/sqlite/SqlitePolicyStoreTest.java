package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.contract.PolicyStoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each store has connections of its own to the one file, as separate processes would; the clock
 * stands still, in the past of the file.
 */
class SqlitePolicyStoreTest extends PolicyStoreContract {

  @TempDir private Path folder;
  private final List<PolicyStore> stores = new CopyOnWriteArrayList<>();

  @Override
  protected PolicyStore open(int tagLength) {
    PolicyStore store =
        SqlitePolicyStore.open(folder.resolve("policies.db"), tagLength, TestClock.atNoon());
    stores.add(store);
    return store;
  }

  @AfterEach
  void close() {
    stores.forEach(PolicyStore::close);
  }
}
