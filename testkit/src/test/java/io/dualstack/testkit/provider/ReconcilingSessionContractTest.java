package io.dualstack.testkit.provider;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.support.ReconcilingOptions;
import io.dualstack.testkit.contract.NetworkProviderContract;

/** The contract of providers, held by the session that is made of primitive operations. */
class ReconcilingSessionContractTest extends NetworkProviderContract {
  @Override
  protected NetworkProvider provider() {
    return new ReconcilingProvider(
        new InMemoryNicOperations(networksFor(ReconcilingProvider.CAPABILITIES)),
        ReconcilingOptions.DEFAULT);
  }
}
