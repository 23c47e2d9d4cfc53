package io.dualstack.impl.policy.store.memory;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.contract.PolicyStoreModelContract;

class MemoryPolicyStoreModelProperties extends PolicyStoreModelContract {

  @Override
  protected Fixture emptyPlace() {
    PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
    return new Fixture() {
      @Override
      public PolicyStore open() {
        return store;
      }

      @Override
      public void close() {}
    };
  }
}
