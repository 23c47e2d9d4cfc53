package io.dualstack.spi.openstack;

import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import io.dualstack.testkit.cloud.openstack.FakeNeutron;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The rules, held by the fake. */
class FakeNeutronRulesTest extends NeutronRulesContract {
  private final FakeNeutron neutron = new FakeNeutron(Clock.systemUTC());

  @Override
  NeutronProject project() {
    return new NeutronProject(
        Map.of(
            "auth_url", neutron.authUrl().toString(),
            "username", FakeKeystone.USER,
            "password", FakeKeystone.PASSWORD,
            "project_name", FakeKeystone.PROJECT));
  }

  @AfterEach
  void stop() {
    neutron.close();
  }
}
