package io.dualstack.spi.gcp;

import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract of providers, on a project that lives in this process. */
class FakeComputeContractTest extends NetworkProviderContract {
  private FakeCompute compute;

  @AfterEach
  void stop() {
    compute.close();
  }

  @Override
  protected NetworkProvider provider() {
    return new GcpNetworkProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    compute = new FakeCompute("cf-project", "europe-west1");
    compute.add(
        FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.64.0.0/20"))
            .withInternalIpv6(IpPrefix.parse("2001:db8:64::/64")));
    return new InMemoryProviderContext()
        .configure("project", "cf-project")
        .configure("region", "europe-west1")
        .configure("endpoint", compute.endpoint().toString())
        .configure("credentials", "none")
        .configure("backoff_milliseconds", "1");
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return Map.of("network_name", "cf", "subnetwork_name", "cells");
  }
}
