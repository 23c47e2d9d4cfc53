package io.dualstack.spi.gcp;

import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static io.dualstack.spi.gcp.FakeProject.ZONE;
import static io.dualstack.spi.gcp.FakeProject.block;
import static io.dualstack.spi.gcp.FakeProject.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.compute.model.Address;
import com.google.api.services.compute.model.NetworkInterface;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.testkit.cloud.FakeRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reserved becomes the NIC of an instance. */
class InstanceNicTest {
  private static final NicBlock ADDRESS = block("v4", "10.0.0.9");
  private static final NicBlock PODS = block("pods", "10.9.0.32/28");
  private static final NicBlock SIX = block("v6", "2001:db8:1:2:7::/96");

  private final FakeProject project = new FakeProject();

  @AfterEach
  void close() {
    project.close();
  }

  private void createInstance(String name, String address) {
    project.compute.createInstance(ZONE, name, "cells", IpAddress.parse(address));
  }

  @Test
  void before_there_is_an_instance_each_block_is_an_address_resource_that_says_whose_it_is() {
    project.attach(project.nic("cf/cell/0", ADDRESS, PODS, SIX));

    List<Address> addresses = project.addresses();
    assertThat(addresses)
        .extracting(Address::getAddress)
        .containsExactly("10.0.0.9", "2001:db8:1:2:7::", "10.9.0.32");
    assertThat(addresses).extracting(Address::getStatus).containsOnly("RESERVED");
    assertThat(addresses)
        .extracting(Address::getDescription)
        .allSatisfy(
            text ->
                assertThat(text)
                    .contains("\"owner\":\"cf/cell/0\"", "\"life\":\"life-1\"", "\"dualstack\""));
    assertThat(addresses)
        .allSatisfy(
            address -> assertThat(address.getName()).matches("ds-[0-9a-f]{8}-[0-9a-f]{24}-.*"));
  }

  @Test
  void an_instance_with_the_reserved_address_is_made_dual_stack_and_gets_its_alias_range() {
    NicRequest request = project.nic("cf/cell/0", ADDRESS, PODS, SIX);
    AttachedNic reserved = project.attach(request).nic();
    createInstance("vm-0", "10.0.0.9");

    Attached again = project.attach(request);

    NetworkInterface nic = project.nic0("vm-0");
    assertThat(nic.getStackType()).isEqualTo("IPV4_IPV6");
    assertThat(nic.getIpv6Address()).isEqualTo("2001:db8:1:2:7::");
    assertThat(nic.getInternalIpv6PrefixLength()).isEqualTo(96);
    assertThat(nic.getAliasIpRanges()).hasSize(1);
    assertThat(nic.getAliasIpRanges().get(0).getIpCidrRange()).isEqualTo("10.9.0.32/28");
    assertThat(nic.getAliasIpRanges().get(0).getSubnetworkRangeName()).isEqualTo("pods");
    assertThat(again.nic()).isEqualTo(reserved);
    assertThat(project.attached()).containsExactly(reserved);
  }

  @Test
  void a_nic_that_is_up_to_date_is_left_alone() {
    NicRequest request = project.nic("cf/cell/0", ADDRESS, PODS, SIX);
    project.attach(request);
    createInstance("vm-0", "10.0.0.9");
    project.attach(request);
    project.compute.forgetRequests();

    assertThat(project.attach(request).changed()).isFalse();

    assertThat(project.compute.requests()).extracting(FakeRequest::method).containsOnly("GET");
  }

  @Test
  void alias_ranges_of_others_stay() {
    project.attach(project.nic("cf/cell/0", ADDRESS));
    createInstance("vm-0", "10.0.0.9");
    project.compute.updateInstance(
        ZONE,
        "vm-0",
        "{\"aliasIpRanges\":[{\"ipCidrRange\":\"10.9.8.0/24\",\"subnetworkRangeName\":\"pods\"}]}");

    project.attach(project.nic("cf/cell/0", ADDRESS, PODS));
    assertThat(project.nic0("vm-0").getAliasIpRanges()).hasSize(2);
    project.attach(project.nic("cf/cell/0", ADDRESS));

    assertThat(project.nic0("vm-0").getAliasIpRanges())
        .extracting("ipCidrRange")
        .containsExactly("10.9.8.0/24");
  }

  @Test
  void a_nic_that_somebody_else_changes_meanwhile_is_read_again() {
    NicRequest request = project.nic("cf/cell/0", ADDRESS, PODS);
    project.attach(request);
    createInstance("vm-0", "10.0.0.9");
    project.compute.beforeNext(
        "instances.updateNetworkInterface",
        () ->
            project.compute.updateInstance(
                ZONE, "vm-0", "{\"aliasIpRanges\":[{\"ipCidrRange\":\"10.0.4.0/24\"}]}"));

    project.attach(request);

    assertThat(project.nic0("vm-0").getAliasIpRanges())
        .extracting("ipCidrRange")
        .containsExactlyInAnyOrder("10.0.4.0/24", "10.9.0.32/28");
  }

  @Test
  void ipv6_that_is_not_asked_for_any_more_is_taken_off() {
    project.attach(project.nic("cf/cell/0", ADDRESS, SIX));
    createInstance("vm-0", "10.0.0.9");
    project.attach(project.nic("cf/cell/0", ADDRESS, SIX));

    project.attach(project.nic("cf/cell/0", ADDRESS));

    assertThat(project.nic0("vm-0").getStackType()).isEqualTo("IPV4_ONLY");
    assertThat(project.addresses()).extracting(Address::getAddress).containsExactly("10.0.0.9");
  }

  @Test
  void another_96_on_the_nic_is_refused_and_nothing_stays_behind() {
    project.attach(project.nic("cf/cell/0", ADDRESS));
    createInstance("vm-0", "10.0.0.9");
    project.compute.updateInstance(
        ZONE,
        "vm-0",
        "{\"stackType\":\"IPV4_IPV6\",\"ipv6Address\":\"2001:db8:1:2:a::\","
            + "\"internalIpv6PrefixLength\":96}");

    Failed refused = project.fail(project.nic("cf/cell/0", ADDRESS, SIX));

    assertThat(refused.failure().reason()).isEqualTo(Reason.REFUSED);
    assertThat(refused.failure()).hasMessageContainingAll("vm-0", "2001:db8:1:2:a::/96");
    assertThat(project.addresses()).extracting(Address::getAddress).containsExactly("10.0.0.9");
  }

  @Test
  void the_address_of_an_instance_is_not_released_before_the_instance_is_gone() {
    NicRequest request = project.nic("cf/cell/0", ADDRESS, PODS, SIX);
    AttachedNic nic = project.attach(request).nic();
    createInstance("vm-0", "10.0.0.9");
    project.attach(request);

    assertThatThrownBy(() -> project.session().detach(List.of(nic)))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.REFUSED))
        .hasMessageContainingAll("vm-0", "delete the instance first");
    assertThat(project.addresses()).hasSize(3);
    project.compute.deleteInstance(ZONE, "vm-0");
    project.session().detach(List.of(nic));

    assertThat(project.addresses()).isEmpty();
    assertThat(project.attached()).isEmpty();
  }

  @Test
  void an_address_that_a_foreign_instance_uses_is_a_conflict_and_stays_with_it() {
    createInstance("foreign", "10.0.0.9");

    Failed refused = project.fail(project.nic("cf/cell/0", ADDRESS, SIX));

    assertThat(refused.failure().reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused.failure()).hasMessageContainingAll("foreign", "adopt=true");
    assertThat(project.addresses()).isEmpty();
    assertThat(project.nic0("foreign").getNetworkIP()).isEqualTo("10.0.0.9");
  }

  @Test
  void a_foreign_instance_is_adopted_if_that_is_set_and_keeps_what_it_had() {
    project.context.configure("adopt", "true");
    createInstance("foreign", "10.0.0.9");
    NicRequest request = project.nic("cf/cell/0", ADDRESS, PODS, SIX);

    AttachedNic nic = project.attach(request).nic();

    assertThat(project.nic0("foreign").getStackType()).isEqualTo("IPV4_IPV6");
    assertThat(project.attach(request).changed()).isFalse();
    project.session().detach(List.of(nic));
    assertThat(project.addresses()).isEmpty();
    assertThat(project.nic0("foreign").getStackType()).isEqualTo("IPV4_ONLY");
    assertThat(project.nic0("foreign").getAliasIpRanges()).isNull();
    assertThat(project.nic0("foreign").getNetworkIP()).isEqualTo("10.0.0.9");
  }

  @Test
  void many_instances_are_looked_up_by_one_listing() {
    for (int i = 0; i < 12; i++) {
      project.attach(project.nic("cf/cell/" + i, block("v4", "10.0.1." + i)));
      createInstance("vm-" + i, "10.0.1." + i);
    }
    project.compute.pageSize(5);
    project.compute.forgetRequests();

    assertThat(project.attached()).hasSize(12);

    assertThat(project.compute.requests())
        .extracting(FakeRequest::path)
        .noneMatch(path -> path.contains("/instances/"));
  }

  // Who picks

  @Test
  void where_the_network_is_a_part_of_the_subnetwork_nothing_outside_is_held_even_for_a_moment() {
    project.context.define(
        NetworkSet.of(
            project.network(
                "part", Subnet.of(IpPrefix.parse("10.0.8.0/24")).chooser(PrefixChooser.PROVIDER)),
            project.network(
                "six",
                Subnet.of(IpPrefix.parse("2001:db8:1:2:8::/80"))
                    .prefixLength(96)
                    .chooser(PrefixChooser.PROVIDER))));

    AttachedNic nic =
        project
            .attach(project.nic("cf/cell/0", open("part", IPV4, 32), open("six", IPV6, 96)))
            .nic();

    assertThat(IpPrefix.parse("10.0.8.0/24").contains(nic.blocks().get(0).block())).isTrue();
    assertThat(project.compute.requests())
        .filteredOn(request -> request.method().equals("POST"))
        .filteredOn(request -> request.path().endsWith("/addresses"))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.body()).contains("\"address\":\""));
    assertThat(project.compute.requests()).extracting(FakeRequest::method).doesNotContain("DELETE");
  }

  @Test
  void what_compute_engine_can_not_do_is_refused_with_what_it_can_before_anybody_is_asked() {
    assertThat(project.fail(project.nic("cf/cell/0", block("v6", "2001:db8:1:2::5"))).failure())
        .hasMessageContaining("single IPv6 addresses can't be attached; use /96")
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.NOT_SUPPORTED));
    assertThat(project.fail(project.nic("cf/cell/0", block("v6", "2001:db8:1:2:7::/80"))).failure())
        .hasMessageContaining("/80 IPv6 prefixes can't be delegated; use /96");
    assertThat(project.compute.requests()).isEmpty();
  }

  @Test
  void pools_tell_what_reservations_instances_and_the_service_itself_use() {
    project.attach(project.nic("cf/cell/0", ADDRESS, PODS, SIX));
    createInstance("foreign", "10.0.0.77");

    ProviderPool cells =
        project.session().pools().stream()
            .filter(pool -> pool.id().equals("cells"))
            .findFirst()
            .orElseThrow();

    assertThat(cells.used())
        .isEqualTo(
            IpSet.ofPrefixes(
                Stream.of(
                        "10.0.0.9/32",
                        "10.9.0.32/28",
                        "2001:db8:1:2:7::/96",
                        "10.0.0.77/32",
                        "10.0.0.0/31",
                        "10.0.15.254/31")
                    .map(IpPrefix::parse)
                    .toList()));
  }

  @Test
  void external_ipv6_is_picked_by_the_service_only() {
    project.properties.put("subnetwork_name", "public");
    project.define(PrefixChooser.PROVIDER);

    Failed refused = project.fail(project.nic("cf/cell/0", block("v6", "2001:db8:1:2:7::/96")));

    assertThat(refused.failure().reason()).isEqualTo(Reason.REFUSED);
    assertThat(project.addresses()).isEmpty();
  }

  @Test
  void an_instance_with_external_ipv6_gets_it_by_an_access_config() {
    project.properties.put("subnetwork_name", "public");
    IpPrefix range = IpPrefix.parse("2001:db8:e::/64");
    project.context.define(
        NetworkSet.of(
            project.network("v4", Subnet.of(IpPrefix.parse("10.1.0.0/20"))),
            project.network(
                "v6", Subnet.of(range).prefixLength(96).chooser(PrefixChooser.PROVIDER))));
    NicRequest request =
        project.nic("cf/cell/0", block("v4", "10.1.0.9"), FakeProject.open("v6", IPV6, 96));
    AttachedNic nic = project.attach(request).nic();
    project.compute.createInstance(ZONE, "vm-0", "public", IpAddress.parse("10.1.0.9"));

    assertThat(project.attach(request).nic()).isEqualTo(nic);

    IpPrefix picked = nic.blocks().get(1).chosenBlock().orElseThrow();
    assertThat(range.contains(picked)).isTrue();
    assertThat(project.nic0("vm-0").getIpv6AccessConfigs())
        .singleElement()
        .satisfies(
            access -> assertThat(access.getExternalIpv6()).isEqualTo(picked.first().toString()));
  }

  @Test
  void a_picked_alias_range_is_none_that_an_instance_has() {
    project.define(PrefixChooser.PROVIDER);
    createInstance("foreign", "10.0.0.8");
    project.compute.updateInstance(
        ZONE,
        "foreign",
        "{\"aliasIpRanges\":[{\"ipCidrRange\":\"10.9.0.0/21\",\"subnetworkRangeName\":\"pods\"}]}");

    for (int i = 0; i < 8; i++) {
      AttachedNic nic =
          project
              .attach(
                  project.nic(
                      "cf/cell/" + i,
                      block("v4", "10.0.1." + i),
                      FakeProject.open("pods", IPV4, 28)))
              .nic();
      IpPrefix picked = nic.blocks().get(1).chosenBlock().orElseThrow();
      assertThat(IpPrefix.parse("10.9.8.0/21").contains(picked)).as("%s", picked).isTrue();
    }
  }
}
