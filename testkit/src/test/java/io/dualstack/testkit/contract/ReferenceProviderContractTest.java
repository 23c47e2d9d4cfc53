package io.dualstack.testkit.contract;

import io.dualstack.provider.NetworkProvider;

class ReferenceProviderContractTest extends NetworkProviderContract {
  @Override
  protected NetworkProvider provider() {
    return new ReferenceProvider(ReferenceProvider.Fault.NONE);
  }
}
