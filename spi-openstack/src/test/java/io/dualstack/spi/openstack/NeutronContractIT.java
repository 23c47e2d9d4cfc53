package io.dualstack.spi.openstack;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of providers, held against Neutron itself. Each test has a project of its own. */
class NeutronContractIT extends NetworkProviderContract {
  private static RealNeutron neutron;

  private final RealNeutron.Project project = neutron.project();
  private final Map<String, String> pools = new LinkedHashMap<>();

  @BeforeAll
  static void start_neutron() throws Exception {
    neutron = RealNeutron.start();
  }

  @AfterAll
  static void stop_neutron() throws Exception {
    if (neutron != null) {
      neutron.close();
    }
  }

  @Override
  protected NetworkProvider provider() {
    return new OpenStackNetworkProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return project.context();
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return switch (network) {
      case "prefixes-v4" -> pooled("10.64.8.0/21", 22);
      case "prefixes-v6" -> pooled("2001:db8:64:0:8000::/65", 66);
      default -> Map.of(NicPlan.NET, project.network);
    };
  }

  @Override
  protected int manyMachines() {
    return 3;
  }

  private Map<String, Object> pooled(String prefix, int shortest) {
    return Map.of(
        NicPlan.NET,
        project.network,
        NicPlan.POOL,
        pools.computeIfAbsent(prefix, made -> project.pool(prefix, shortest)));
  }
}
