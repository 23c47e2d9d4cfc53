package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.ProviderPool;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is found wrong before anything is touched, and what there is. */
class NetworkVerificationTest {
  private final FakeCloud cloud = new FakeCloud();
  private final Cells cells = Cells.of(cloud);

  @AfterEach
  void close() {
    cells.close();
    cloud.close();
  }

  private Map<String, Severity> findings(Subnet.Builder subnet, Map<String, Object> properties) {
    List<Diagnostic> findings =
        cells.session.verify(
            NetworkSet.of(new Manual("n", List.of(subnet.cloudProperties(properties).build()))));
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.path()).startsWith("networks.n");
              assertThat(finding.message()).isNotBlank();
            });
    return findings.stream()
        .collect(
            Collectors.toMap(
                finding -> finding.code() + " " + finding.path().replace("networks.n", ""),
                Diagnostic::severity,
                (one, other) -> one));
  }

  private static Subnet.Builder v6() {
    return Subnet.of(IpPrefix.parse("2001:db8:64::/64"));
  }

  private Map<String, Object> net() {
    return Map.of(NicPlan.NET, cloud.network);
  }

  @Test
  void what_fits_is_fine() {
    assertThat(findings(v6().gateway(IpAddress.parse("2001:db8:64::1")), net())).isEmpty();
    assertThat(findings(v6().prefixLength(80), net())).isEmpty();
    assertThat(
            findings(
                v6().prefixLength(80).chooser(PrefixChooser.PROVIDER),
                cloud.properties(NicPlan.POOL, cloud.poolV6)))
        .isEmpty();
  }

  @Test
  void a_network_must_be_named_and_be_there() {
    assertThat(findings(v6(), Map.of()))
        .containsEntry("NetworkMissing .subnets[0].cloud_properties.net_id", Severity.ERROR);
    assertThat(findings(v6(), Map.of(NicPlan.NET, "no-such")))
        .containsEntry("NetworkNotFound .subnets[0].cloud_properties.net_id", Severity.ERROR);
    assertThat(findings(v6(), Map.of(NicPlan.NET, 5)))
        .containsEntry("PropertyInvalid .subnets[0].cloud_properties.net_id", Severity.ERROR);
  }

  @Test
  void a_range_must_lie_in_a_subnet_where_addresses_can_be_chosen() {
    assertThat(findings(Subnet.of(IpPrefix.parse("10.99.0.0/24")), net()))
        .containsEntry("RangeNotInSubnet .subnets[0].range", Severity.ERROR);
    cloud.neutron.create(
        "subnets",
        "{\"network_id\": \"%s\", \"cidr\": \"2001:db8:77::/64\", \"ipv6_address_mode\": \"slaac\"}"
            .formatted(cloud.network));
    assertThat(findings(Subnet.of(IpPrefix.parse("2001:db8:77::/64")), net()))
        .containsEntry("AddressesAutomatic .subnets[0].range", Severity.ERROR);
    assertThat(findings(v6(), cloud.properties(NicPlan.SUBNET, "no-such")))
        .containsEntry("SubnetNotFound .subnets[0].cloud_properties.subnet_id", Severity.ERROR);
  }

  @Test
  void single_addresses_of_neutrons_choice_need_the_whole_pool() {
    Subnet.Builder whole = Subnet.of(IpPrefix.parse("10.64.0.0/20"));
    assertThat(
            findings(
                whole.gateway(IpAddress.parse("10.64.0.1")).chooser(PrefixChooser.PROVIDER), net()))
        .isEmpty();
    assertThat(
            findings(
                v6().gateway(IpAddress.parse("2001:db8:64::1")).chooser(PrefixChooser.PROVIDER),
                net()))
        .isEmpty();
    assertThat(
            findings(
                Subnet.of(IpPrefix.parse("10.64.4.0/24")).chooser(PrefixChooser.PROVIDER), net()))
        .containsEntry("AddressChooserUnsupported .subnets[0].range", Severity.ERROR);
  }

  @Test
  void another_gateway_and_addresses_of_others_are_warned_of() {
    cloud.neutron.create(
        "ports",
        "{\"network_id\": \"%s\", \"device_owner\": \"network:dhcp\", \"fixed_ips\": [{\"ip_address\": \"10.64.0.2\"}]}"
            .formatted(cloud.network));
    IpPrefix range = IpPrefix.parse("10.64.0.0/20");

    assertThat(findings(Subnet.of(range).gateway(IpAddress.parse("10.64.0.9")), net()))
        .containsEntry("GatewayDiffers .subnets[0].gateway", Severity.WARNING)
        .containsEntry("AddressInUse .subnets[0].reserved", Severity.WARNING);
    assertThat(
            findings(
                Subnet.of(range)
                    .gateway(IpAddress.parse("10.64.0.1"))
                    .reserved(IpSet.of(IpRange.parse("10.64.0.2-10.64.0.9"))),
                net()))
        .isEmpty();
  }

  @Test
  void a_pool_must_have_what_it_is_to_give() {
    assertThat(findings(v6().prefixLength(80).chooser(PrefixChooser.PROVIDER), net()))
        .containsEntry(
            "SubnetPoolMissing .subnets[0].cloud_properties.subnetpool_id", Severity.ERROR);
    assertThat(findings(v6().prefixLength(80), cloud.properties(NicPlan.POOL, "no-such")))
        .containsEntry(
            "SubnetPoolNotFound .subnets[0].cloud_properties.subnetpool_id", Severity.ERROR);
    String pool =
        cloud.neutron.create(
            "subnetpools",
            "{\"prefixes\": [\"2001:db8:aa::/48\"], \"min_prefixlen\": 56, \"max_prefixlen\": 64}");
    assertThat(findings(v6().prefixLength(80), cloud.properties(NicPlan.POOL, pool)))
        .containsEntry("PrefixLengthOutOfPool .subnets[0].prefix", Severity.ERROR)
        .containsEntry("RangeNotInPool .subnets[0].range", Severity.ERROR);
  }

  @Test
  void groups_routers_and_port_security_must_be_there() {
    assertThat(
            findings(
                v6(),
                Map.of(
                    NicPlan.NET,
                    cloud.network,
                    NicPlan.GROUPS,
                    List.of("default", "no-such"),
                    NicPlan.ROUTER,
                    "no-such")))
        .containsOnlyKeys(
            "SecurityGroupNotFound .subnets[0].cloud_properties.security_groups",
            "RouterNotFound .subnets[0].cloud_properties.router_id");
    cloud.neutron.create("security-groups", "{\"name\": \"default\"}");
    assertThat(
            findings(v6(), Map.of(NicPlan.NET, cloud.network, NicPlan.GROUPS, List.of("default"))))
        .containsOnlyKeys("SecurityGroupAmbiguous .subnets[0].cloud_properties.security_groups");
    cloud.neutron.change("networks", cloud.network, "{\"port_security_enabled\": false}");
    assertThat(findings(v6().prefixLength(80), net()))
        .containsEntry("PortSecurityOff .subnets[0].cloud_properties.net_id", Severity.ERROR);
  }

  @Test
  void a_quota_that_is_used_up_is_warned_of() {
    cloud.neutron.quota("ports", 0);

    assertThat(findings(v6(), net())).containsEntry("PortQuotaUsedUp ", Severity.WARNING);
  }

  @Test
  void pools_are_networks_with_what_is_used_and_subnet_pools() {
    cells.attach(
        cells.nic(
            "cf/cell/0",
            Cells.block("v4", "10.64.0.16"),
            Cells.block("v6", "2001:db8:64::10"),
            Cells.open()));

    Map<String, ProviderPool> pools =
        cells.session.pools().stream().collect(Collectors.toMap(ProviderPool::id, pool -> pool));

    assertThat(pools).containsOnlyKeys(cloud.network, cloud.poolV4, cloud.poolV6);
    assertThat(pools.get(cloud.network).ranges())
        .containsExactly(IpPrefix.parse("10.64.0.0/20"), IpPrefix.parse("2001:db8:64::/64"));
    assertThat(pools.get(cloud.network).used())
        .isEqualTo(
            IpSet.ofPrefixes(
                List.of(
                    IpAddress.parse("10.64.0.16").toPrefix(),
                    IpAddress.parse("2001:db8:64::10").toPrefix(),
                    IpPrefix.parse("2001:db8:64:0:8001::/80"))));
    assertThat(pools.get(cloud.poolV6).used())
        .isEqualTo(IpSet.ofPrefixes(List.of(IpPrefix.parse("2001:db8:64:0:8001::/80"))));
  }
}
