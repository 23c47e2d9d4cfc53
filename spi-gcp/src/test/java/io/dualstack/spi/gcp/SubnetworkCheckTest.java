package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubnetworkCheckTest {
  private final FakeProject project = new FakeProject();

  @AfterEach
  void close() {
    project.close();
  }

  private List<Diagnostic> verify(Subnet.Builder subnet) {
    return project.session().verify(NetworkSet.of(project.network("n", subnet)));
  }

  private static Subnet.Builder addresses() {
    return Subnet.of(FakeProject.PRIMARY)
        .gateway(IpAddress.parse("10.0.0.1"))
        .reserved(IpSet.of(IpRange.parse("10.0.15.254-10.0.15.255")));
  }

  private void assertError(Subnet.Builder subnet, String code, String path) {
    assertThat(verify(subnet))
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(error.path()).isEqualTo("networks.n.subnets[0]" + path);
            });
  }

  @Test
  void networks_that_fit_are_fine() {
    assertThat(verify(addresses())).isEmpty();
    assertThat(verify(Subnet.of(FakeProject.PODS).prefixLength(28))).isEmpty();
    assertThat(verify(Subnet.of(FakeProject.SIX).prefixLength(96))).isEmpty();
  }

  @Test
  void a_subnetwork_must_be_named() {
    project.properties.clear();

    assertError(addresses(), "CloudPropertyMissing", ".cloud_properties.subnetwork_name");
  }

  @Test
  void a_subnetwork_must_exist() {
    project.properties.put("subnetwork_name", "nowhere");

    assertError(addresses(), "SubnetworkUnknown", ".cloud_properties.subnetwork_name");
  }

  @Test
  void a_name_must_be_one() {
    project.properties.put("subnetwork_name", "No Where");

    assertError(addresses(), "CloudPropertyInvalid", ".cloud_properties.subnetwork_name");
  }

  @Test
  void a_subnetwork_must_be_of_the_named_network() {
    project.properties.put("network_name", "other");

    assertError(addresses(), "NetworkMismatch", ".cloud_properties.network_name");
  }

  @Test
  void a_shared_subnetwork_is_looked_for_in_its_own_project() {
    project.properties.put("xpn_host_project_id", "host-project");

    assertError(addresses(), "SubnetworkUnknown", ".cloud_properties.subnetwork_name");
    project.compute.add(
        FakeSubnetwork.of("shared", "cells", FakeProject.PRIMARY).of("host-project"));
    assertThat(verify(addresses())).isEmpty();
  }

  @Test
  void a_range_must_lie_inside() {
    assertError(Subnet.of(IpPrefix.parse("10.77.0.0/24")), "RangeOutsideSubnetwork", ".range");
    assertError(Subnet.of(FakeProject.PODS), "RangeOutsideSubnetwork", ".range");
    assertError(
        Subnet.of(IpPrefix.parse("2001:db8:77::/64")).prefixLength(96),
        "RangeOutsideSubnetwork",
        ".range");
  }

  @Test
  void ipv6_needs_a_dual_stack_subnetwork() {
    project.properties.put("subnetwork_name", "legacy");

    assertError(Subnet.of(FakeProject.SIX).prefixLength(96), "SubnetworkNotDualStack", ".range");
  }

  @Test
  void external_ipv6_is_picked_by_the_service() {
    project.properties.put("subnetwork_name", "public");
    IpPrefix range = IpPrefix.parse("2001:db8:e::/64");

    assertError(Subnet.of(range).prefixLength(96), "PrefixChooserUnsupported", "");
    assertThat(verify(Subnet.of(range).prefixLength(96).chooser(PrefixChooser.PROVIDER))).isEmpty();
  }

  @Test
  void addresses_that_the_service_keeps_are_pointed_out() {
    assertThat(verify(Subnet.of(FakeProject.PRIMARY).gateway(IpAddress.parse("10.0.0.2"))))
        .extracting(Diagnostic::severity, Diagnostic::code)
        .containsExactlyInAnyOrder(
            tuple(Severity.WARNING, "AddressKeptByInfrastructure"),
            tuple(Severity.WARNING, "AddressKeptByInfrastructure"),
            tuple(Severity.WARNING, "GatewayMismatch"));
  }

  @Test
  void a_used_up_quota_is_pointed_out() {
    project.compute.quota(0);

    assertThat(verify(addresses())).extracting(Diagnostic::code).containsExactly("QuotaExhausted");
  }
}
