package io.dualstack.spi.aws;

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
 * The contract of providers, held over Amazon's own EC2. Runs only where {@code
 * DUALSTACK_TEST_AWS_SUBNET} names an empty subnet with a /20 of IPv4 and a /64 of IPv6, and {@code
 * DUALSTACK_TEST_AWS_SECURITY_GROUP} a security group of its VPC; region and credentials come from
 * the SDK's chain. Network interfaces cost nothing, and those that the tests make are removed.
 */
@EnabledIfEnvironmentVariable(named = "DUALSTACK_TEST_AWS_SUBNET", matches = ".+")
class RealEc2ContractIT extends NetworkProviderContract {
  private final String subnet = System.getenv("DUALSTACK_TEST_AWS_SUBNET");
  private final String foundation = "dualstack-test-" + UUID.randomUUID();
  private List<IpPrefix> ranges = List.of();

  @Override
  protected NetworkProvider provider() {
    return new AwsNetworkProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return new InMemoryProviderContext()
        .configure("foundation", foundation)
        .configure("security_groups", System.getenv("DUALSTACK_TEST_AWS_SECURITY_GROUP"));
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return Map.of(NicProperties.SUBNET, subnet);
  }

  @Override
  protected IpPrefix range(IpFamily family, IpPrefix usual) {
    if (ranges.isEmpty()) {
      try (ProviderSession session = provider().open(context())) {
        ranges =
            session.pools().stream()
                .filter(pool -> pool.id().equals(subnet))
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
