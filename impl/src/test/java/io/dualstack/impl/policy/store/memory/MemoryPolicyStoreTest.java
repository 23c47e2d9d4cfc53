package io.dualstack.impl.policy.store.memory;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.contract.PolicyStoreContract;
import org.jspecify.annotations.Nullable;

/** The place is the store, whose clock stands still. */
class MemoryPolicyStoreTest extends PolicyStoreContract {

  private @Nullable PolicyStore store;

  @Override
  protected synchronized PolicyStore open(int tagLength) {
    PolicyStore opened = store;
    if (opened == null) {
      opened = new MemoryPolicyStore(tagLength, TestClock.atNoon());
      store = opened;
    }
    return opened;
  }
}
