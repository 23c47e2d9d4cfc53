package io.dualstack.spi.openstack;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract of providers, held against the fake. */
class FakeNeutronContractTest extends NetworkProviderContract {
  private final FakeCloud cloud = new FakeCloud();

  @Override
  protected NetworkProvider provider() {
    return cloud.provider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return cloud.context();
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return cloud.contractProperties(network);
  }

  @AfterEach
  void stop_the_cloud() {
    cloud.close();
  }
}
