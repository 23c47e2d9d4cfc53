package io.dualstack.spi.gcp;

import static io.dualstack.spi.gcp.FakeProject.ZONE;
import static io.dualstack.spi.gcp.FakeProject.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.compute.model.Address;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpAddress;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network of another project that shares it: a shared VPC. */
class SharedNetworkTest {
  private final FakeProject project = new FakeProject();

  @BeforeEach
  void share() {
    project.compute.add(
        FakeSubnetwork.of("shared", "cells", FakeProject.PRIMARY)
            .withInternalIpv6(FakeProject.SIX)
            .of("host-project"));
    project.properties.put("xpn_host_project_id", "host-project");
    project.define(PrefixChooser.DIRECTOR);
  }

  @AfterEach
  void close() {
    project.close();
  }

  @Test
  void addresses_are_of_the_instances_project_in_the_subnetwork_of_the_host() {
    NicRequest request =
        project.nic("cf/cell/0", block("v4", "10.0.0.9"), block("v6", "2001:db8:1:2:7::/96"));

    project.attach(request);

    assertThat(project.addresses())
        .extracting(Address::getSelfLink)
        .allMatch(url -> url.contains("/projects/cf-project/"));
    assertThat(project.addresses())
        .extracting(Address::getSubnetwork)
        .allMatch(
            url -> url.endsWith("projects/host-project/regions/europe-west1/subnetworks/cells"));
    assertThat(project.attach(request).changed()).isFalse();
  }

  @Test
  void addresses_of_a_subnetwork_of_the_same_name_are_others() {
    project.compute.createInstance(ZONE, "own", "cells", IpAddress.parse("10.0.0.9"));

    project.attach(project.nic("cf/cell/0", block("v4", "10.0.0.9")));

    assertThat(project.addresses()).extracting(Address::getStatus).containsExactly("RESERVED");
  }

  @Test
  void a_host_that_shares_no_such_subnetwork_is_refused() {
    project.properties.put("xpn_host_project_id", "other-project");

    Failed refused = project.fail(project.nic("cf/cell/0", block("v4", "10.0.0.9")));

    assertThat(refused.failure().reason()).isEqualTo(Reason.REFUSED);
    assertThat(refused.failure()).hasMessageContainingAll("subnetwork_name", "other-project");
  }

  @Test
  void subnetworks_of_the_host_are_pools_too() {
    assertThat(project.session().pools())
        .extracting(ProviderPool::id)
        .containsExactly("cells", "host-project/cells", "legacy", "public");
  }
}
