package io.dualstack.spi.openstack;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract of providers, held against Neutron itself, with a network of its own for each test:
 * one that is started on the loopback interface or, if {@code DUALSTACK_TEST_OPENSTACK} is set, the
 * cloud that the {@code OS_…} variables name. There all that a test makes is removed after it.
 */
class NeutronContractIT extends NetworkProviderContract {
  private static final boolean IS_CLOUD = System.getenv("DUALSTACK_TEST_OPENSTACK") != null;
  private static RealNeutron neutron;

  private final NeutronProject project =
      IS_CLOUD ? new NeutronProject(Map.of()) : neutron.project();
  private final Map<String, String> pools = new LinkedHashMap<>();
  private final boolean picks;

  /** Pools are slow, and only there where prefixes are left to the provider. */
  NeutronContractIT(TestInfo test) {
    String name = test.getDisplayName();
    picks = name.contains("pick") || name.startsWith("networks_within");
  }

  @BeforeAll
  static void start_neutron() throws Exception {
    neutron = IS_CLOUD ? null : RealNeutron.start();
  }

  @AfterAll
  static void stop_neutron() throws Exception {
    if (neutron != null) {
      neutron.close();
    }
  }

  @AfterEach
  void remove_what_was_made() {
    // What is started for the tests alone ends with them.
    if (IS_CLOUD) {
      project.close();
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
    return switch (picks ? network : "") {
      case "prefixes-v4" -> pooled("10.64.8.0/21", 22);
      case "prefixes-v6" -> pooled("2001:db8:64:0:8000::/65", 66);
      default -> Map.of(NicPlan.NET, project.network);
    };
  }

  @Override
  protected int manyMachines() {
    return 2;
  }

  private Map<String, Object> pooled(String prefix, int shortest) {
    return Map.of(
        NicPlan.NET,
        project.network,
        NicPlan.POOL,
        pools.computeIfAbsent(prefix, made -> project.pool(prefix, shortest)));
  }
}
