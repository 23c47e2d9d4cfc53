package io.dualstack.testkit.contract;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.contract.ReferencePolicyStore.Fault;
import io.dualstack.testkit.contract.ReferencePolicyStore.Place;

class ReferencePolicyStoreContractTest extends PolicyStoreContract {
  private final Place place = new Place();

  @Override
  protected PolicyStore open(int tagLength) {
    return new ReferencePolicyStore(place, tagLength, Fault.NONE);
  }
}
