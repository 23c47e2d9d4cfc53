package io.dualstack.spi.gcp;

import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract of providers, held over a real project by Application Default Credentials. Runs only
 * where {@code DUALSTACK_TEST_GCP_SUBNETWORK} names an empty dual-stack subnetwork of the region
 * {@code CLOUDSDK_COMPUTE_REGION}, with a /20 of IPv4 and internal IPv6. Reserved internal
 * addresses cost nothing, and those that the tests make are released.
 */
@EnabledIfEnvironmentVariable(named = "DUALSTACK_TEST_GCP_SUBNETWORK", matches = ".+")
class RealProjectContractIT extends NetworkProviderContract {
  private final String subnetwork = System.getenv("DUALSTACK_TEST_GCP_SUBNETWORK");
  private final String foundation = "test-" + UUID.randomUUID().toString().substring(0, 8);
  private List<IpPrefix> ranges = List.of();

  @Override
  protected NetworkProvider provider() {
    return new GcpNetworkProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return new InMemoryProviderContext().configure("foundation", foundation);
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return Map.of("subnetwork_name", subnetwork);
  }

  @Override
  protected IpPrefix range(IpFamily family, IpPrefix usual) {
    if (ranges.isEmpty()) {
      try (ProviderSession session = provider().open(context())) {
        ranges =
            session.pools().stream()
                .filter(pool -> pool.id().equals(subnetwork))
                .map(ProviderPool::ranges)
                .findFirst()
                .orElseThrow();
      }
    }
    return ranges.stream().filter(range -> range.family() == family).findFirst().orElseThrow();
  }

  @AfterEach
  void remove_what_was_made() {
    try (ProviderSession session = provider().open(context())) {
      session.detach(session.attached(OwnerScope.ALL));
    }
  }
}
