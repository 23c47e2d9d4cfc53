package io.dualstack.spi.openstack;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The rules, held by Neutron itself. */
class NeutronRulesIT extends NeutronRulesContract {
  private static RealNeutron neutron;

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
  NeutronProject project() {
    return neutron.project();
  }
}
