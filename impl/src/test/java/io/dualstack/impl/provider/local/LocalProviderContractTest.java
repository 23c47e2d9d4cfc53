package io.dualstack.impl.provider.local;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.NetworkProviderContract;

class LocalProviderContractTest extends NetworkProviderContract {
  @Override
  protected NetworkProvider provider() {
    return new LocalProvider();
  }
}
