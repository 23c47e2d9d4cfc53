package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.testkit.cloud.Fault;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EniOperationsTest extends OpenSession {
  @Test
  void a_nic_is_one_interface_with_all_its_blocks_and_its_identity_in_tags() {
    AttachedNic nic =
        attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, PREFIX, IPV4_PREFIX)).nic();

    assertThat(only().id()).isEqualTo(nic.id());
    assertThat(only().subnet()).isEqualTo(FakeRegion.SUBNET);
    assertThat(only().securityGroups()).containsExactly(FakeRegion.GROUP);
    assertThat(only().blocks())
        .containsExactly(
            block("10.64.0.16"),
            block("10.64.4.0/28"),
            block("2001:db8:64::1000"),
            block("2001:db8:64:0:9::/80"));
    assertThat(only().tags())
        .isEqualTo(
            Map.of(
                "dualstack:foundation", "dualstack",
                "dualstack:owner", "cf/cell/0",
                "dualstack:nic", "0",
                "dualstack:incarnation", "1"));
    assertThat(nic.macAddress()).isPresent();
  }

  @Test
  void several_addresses_and_prefixes_of_a_kind_fit_on_one_nic() {
    AttachedNic nic =
        attach(request("cf/cell/0", ADDRESS, OTHER_ADDRESS, IPV6_ADDRESS, PREFIX, OTHER_PREFIX))
            .nic();

    assertThat(only().blocks()).startsWith(block("10.64.0.16"), block("10.64.0.17"));
    assertThat(nic.blocks()).hasSize(5);
  }

  @Test
  void an_address_that_ec2_adds_is_not_reported_and_does_not_change_the_nic() {
    AttachedNic nic = attach(request("cf/cell/0", IPV6_ADDRESS, PREFIX)).nic();

    assertThat(only().blocks()).hasSize(3);
    assertThat(only().tags()).containsEntry("dualstack:primary-ipv4", "unasked");
    assertThat(nic.blocks()).containsExactly(IPV6_ADDRESS, PREFIX);
    assertThat(attached()).containsExactly(nic);
    assertThat(attach(request("cf/cell/0", IPV6_ADDRESS, PREFIX)).changed()).isFalse();
  }

  @Test
  void an_ipv6_address_that_the_subnet_adds_is_taken_off() {
    ec2.addIpv6OnCreation(FakeRegion.SUBNET);

    attach(request("cf/cell/0", ADDRESS));

    assertThat(only().blocks()).containsExactly(block("10.64.0.16"));
  }

  @Test
  void ec2_picks_where_the_network_is_the_whole_subnet() {
    AttachedNic nic = attach(request("cf/cell/0", ADDRESS, OPEN)).nic();

    assertThat(nic.blocks()).hasSize(2);
    assertThat(actions()).contains("AssignIpv6Addresses").doesNotContain("UnassignIpv6Addresses");
  }

  @Test
  void where_the_network_is_a_part_of_the_subnet_nothing_outside_is_held_even_for_a_moment() {
    IpPrefix part = IpPrefix.parse("2001:db8:64:0:8000::/66");
    context.define(
        NetworkSet.of(
            new Manual("v4", List.of(subnet(FakeRegion.IPV4).build())),
            new Manual(
                "cells",
                List.of(subnet(part).prefixLength(80).chooser(PrefixChooser.PROVIDER).build()))));

    AttachedNic nic = attach(request("cf/cell/0", ADDRESS, OPEN)).nic();

    assertThat(nic.blocks())
        .anySatisfy(
            has -> assertThat(has.block()).isEqualTo(IpPrefix.parse("2001:db8:64:0:8001::/80")));
    assertThat(only().blocks()).hasSize(2);
    assertThat(ec2.requests())
        .noneSatisfy(request -> assertThat(request.form()).containsKey("Ipv6PrefixCount"));
    assertThat(actions()).containsOnlyOnce("AssignIpv6Addresses");
  }

  @Test
  void nothing_left_to_pick_is_told() {
    IpPrefix part = IpPrefix.parse("2001:db8:64:0:8000::/79");
    context.define(
        NetworkSet.of(
            new Manual(
                "cells",
                List.of(
                    subnet(part)
                        .prefixLength(80)
                        .reserved(IpSet.of(IpRange.of(part)))
                        .chooser(PrefixChooser.PROVIDER)
                        .build()))));

    ProviderException failure = fail(request("cf/cell/0", OPEN));

    assertThat(failure.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failure).hasMessageContaining("cf/cell/0: NIC 0: network cells: no /80 is left");
    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void another_primary_address_needs_another_interface() {
    AttachedNic before = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();

    AttachedNic after = attach(request("cf/cell/0", OTHER_ADDRESS, PREFIX)).nic();

    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(only().blocks()).containsExactly(block("10.64.0.17"), block("2001:db8:64:0:9::/80"));
    assertThat(only().securityGroups()).containsExactly(FakeRegion.GROUP);
  }

  @Test
  void another_primary_address_is_refused_while_a_machine_uses_the_interface() {
    AttachedNic before = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    ec2.attach(before.id(), "i-0123", 0);

    ProviderException failure = fail(request("cf/cell/0", OTHER_ADDRESS, PREFIX));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure)
        .hasMessageContaining(before.id() + " is attached to i-0123")
        .hasMessageContaining("can't change its primary IPv4 address 10.64.0.16");
    assertThat(attached()).containsExactly(before);
  }

  @Test
  void blocks_beside_the_primary_address_change_while_a_machine_uses_the_interface() {
    AttachedNic before = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    ec2.attach(before.id(), "i-0123", 0);

    AttachedNic after = attach(request("cf/cell/0", ADDRESS, OTHER_PREFIX)).nic();

    assertThat(after.id()).isEqualTo(before.id());
    assertThat(only().blocks()).containsExactly(block("10.64.0.16"), block("2001:db8:64:0:a::/80"));
  }

  @Test
  void a_new_primary_address_in_use_elsewhere_leaves_the_interface_alone() {
    AttachedNic before = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    String foreign = ec2.networkInterface(FakeRegion.SUBNET, Map.of(), block("10.64.0.17"));

    ProviderException failure = fail(request("cf/cell/0", OTHER_ADDRESS, PREFIX));

    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining(foreign);
    assertThat(attached()).containsExactly(before);
  }

  @Test
  void an_interface_that_can_not_be_replaced_is_made_again_as_it_was() {
    AttachedNic before = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    ec2.faults()
        .next(
            "CreateNetworkInterface",
            new Fault.Answered(ec2.refusal("UnauthorizedOperation", "not any more")));

    ProviderException failure = fail(request("cf/cell/0", OTHER_ADDRESS, PREFIX));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(only().blocks()).containsExactly(block("10.64.0.16"), block("2001:db8:64:0:9::/80"));
    assertThat(only().id()).isNotEqualTo(before.id());
    assertThat(attach(request("cf/cell/0", ADDRESS, PREFIX)).nic().id()).isEqualTo(only().id());
  }

  @Test
  void a_secondary_interface_is_detached_from_its_machine_before_it_is_deleted() {
    AttachedNic nic = attach(request("cf/cell/0", ADDRESS)).nic();
    ec2.attach(nic.id(), "i-0123", 1);

    session.detach(List.of(nic));

    assertThat(ec2.networkInterfaces()).isEmpty();
    assertThat(actions()).containsSubsequence("DetachNetworkInterface", "DeleteNetworkInterface");
  }

  @Test
  void the_primary_interface_of_a_machine_is_not_taken_from_it() {
    AttachedNic nic = attach(request("cf/cell/0", ADDRESS)).nic();
    ec2.attach(nic.id(), "i-0123", 0);

    assertThatThrownBy(() -> session.detach(List.of(nic)))
        .hasMessageContaining("primary network interface of i-0123")
        .hasMessageContaining("terminate the instance");
    assertThat(attached()).containsExactly(nic);
  }

  @Test
  void an_interface_deleted_by_hand_is_made_again_with_the_same_blocks() {
    AttachedNic lost = attach(request("cf/cell/0", ADDRESS, OPEN)).nic();
    ec2.remove(lost.id());
    assertThat(attached()).isEmpty();

    AttachedNic again = attach(request("cf/cell/0", ADDRESS, OPEN)).nic();

    assertThat(again.id()).isNotEqualTo(lost.id());
    assertThat(again.blocks()).isEqualTo(lost.blocks());
  }

  @Test
  void an_address_of_somebody_else_is_a_conflict_that_names_the_interface() {
    String foreign = ec2.networkInterface(FakeRegion.SUBNET, Map.of(), block("10.64.0.16"));

    ProviderException failure = fail(request("cf/cell/0", ADDRESS));

    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure)
        .hasMessageContaining("cf/cell/0: NIC 0: EC2 answered InvalidIPAddress.InUse")
        .hasMessageContaining("10.64.0.16/32 is held by " + foreign)
        .hasMessageContaining("(request 0000");
  }

  @Test
  void a_prefix_around_the_address_of_somebody_else_is_a_conflict() {
    String foreign =
        ec2.networkInterface(
            FakeRegion.SUBNET, Map.of(), block("10.64.0.99"), block("2001:db8:64:0:9::1"));

    ProviderException failure = fail(request("cf/cell/0", ADDRESS, PREFIX));

    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining("held by " + foreign);
    assertThat(ec2.networkInterfaces()).hasSize(1);
  }

  @Test
  void an_interface_of_nobody_is_adopted_and_given_back_as_it_was() {
    String foreign =
        ec2.networkInterface(FakeRegion.SUBNET, Map.of("Name", "mine"), block("10.64.0.16"));
    context.configure("adopt", "true");
    reopen();

    AttachedNic nic = attach(request("cf/cell/0", ADDRESS, PREFIX)).nic();
    assertThat(nic.id()).isEqualTo(foreign);
    assertThat(only().tags()).containsEntry("Name", "mine").containsKey("dualstack:owner");

    session.detach(List.of(nic));

    assertThat(only().blocks()).containsExactly(block("10.64.0.16"));
    assertThat(only().tags()).containsExactly(Map.entry("Name", "mine"));
  }

  @Test
  void foundations_in_one_account_do_not_see_each_other() {
    attach(request("cf/cell/0", ADDRESS));
    context.configure("foundation", "other");
    reopen();

    assertThat(attached()).isEmpty();
    assertThat(fail(request("cf/cell/0", ADDRESS)).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void owners_whose_names_look_like_patterns_are_told_apart() {
    attach(request("cf/*/0", ADDRESS));
    AttachedNic other = attach(request("cf/a/0", OTHER_ADDRESS)).nic();

    assertThat(attach(request("cf/*/0", ADDRESS)).changed()).isFalse();
    session.detach(attached().stream().filter(nic -> !nic.equals(other)).toList());

    assertThat(attached()).containsExactly(other);
  }

  @Test
  void security_groups_may_be_called_by_name() {
    attach(
        request(
            "cf/cell/0",
            Map.of(
                "subnet",
                FakeRegion.SUBNET,
                "security_groups",
                List.of("routers", FakeRegion.GROUP, "cells")),
            ADDRESS));

    assertThat(only().securityGroups()).containsExactly("sg-0456cdef", FakeRegion.GROUP);
  }

  @Test
  void cloud_properties_that_do_not_serve_are_refused_before_anything_is_asked() {
    assertThat(fail(request("cf/cell/0", Map.of(), ADDRESS)))
        .hasMessageContaining("network v4: cloud_properties.subnet: is missing");
    assertThat(
            fail(
                request(
                    "cf/cell/0",
                    Map.of("subnet", FakeRegion.SUBNET, "security_groups", List.of(7)),
                    ADDRESS)))
        .hasMessageContaining("network v4: cloud_properties.security_groups: [7] is no list");
    assertThat(
            fail(
                new NicRequest(
                    new Owner("cf/cell/0"),
                    "1",
                    "0",
                    null,
                    List.of(ADDRESS, PREFIX),
                    Map.of(
                        "v4",
                        FakeRegion.PROPERTIES,
                        "cells",
                        Map.of("subnet", FakeRegion.OTHER_SUBNET)))))
        .hasMessageContaining(
            "network cells: cloud_properties.subnet is " + FakeRegion.OTHER_SUBNET);
    assertThat(fail(request("o".repeat(257), ADDRESS)))
        .hasMessageContaining("the owner has 257 characters, and an EC2 tag 256 at most");

    assertThat(actions()).isEmpty();
  }

  @Test
  void a_nic_without_security_groups_is_refused() {
    try (EniOperations operations =
        new EniOperations(AwsSettings.of(Map.of("region", "eu-central-1")), context)) {
      assertThatThrownBy(() -> operations.check(request("cf/cell/0", ADDRESS)))
          .hasMessageContaining("security_groups is missing");
    }
  }

  @Test
  void what_ec2_can_not_do_is_refused_with_what_it_can_before_anything_is_asked() {
    assertThat(fail(request("cf/cell/0", ADDRESS, chosen("cells", "2001:db8:64::/72"))))
        .hasMessageContaining("/72 IPv6 prefixes can't be delegated; use /80")
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.NOT_SUPPORTED);
    assertThat(fail(request("cf/cell/0", ADDRESS, chosen("blocks", "10.64.4.0/24"))))
        .hasMessageContaining("/24 IPv4 prefixes can't be delegated; use /28");
    assertThat(ec2.requests()).isEmpty();
  }

  @Test
  void more_slots_than_ec2_has_are_refused() {
    NicBlock[] blocks =
        IntStream.rangeClosed(1, 51)
            .mapToObj(
                n ->
                    n < 26
                        ? chosen("v6", "2001:db8:64::" + (1000 + n) + "/128")
                        : chosen("cells", "2001:db8:64:0:" + n + "::/80"))
            .toArray(NicBlock[]::new);

    assertThat(fail(request("cf/cell/0", blocks)))
        .hasMessageContaining(
            "51 IPv6 addresses and prefixes on one NIC, where EC2 has at most 50");
    assertThat(actions()).isEmpty();
  }

  @Test
  void a_limit_of_the_infrastructure_is_told_and_leaves_nothing() {
    ec2.limitPerInterface(1);

    ProviderException failure = fail(request("cf/cell/0", ADDRESS, OTHER_ADDRESS));

    assertThat(failure.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failure).hasMessageContaining("PrivateIpAddressLimitExceeded");
    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void pools_are_all_subnets_with_what_is_used_in_them_page_by_page() {
    ec2.limitPages(1);
    attach(request("cf/cell/0", ADDRESS, PREFIX));
    ec2.networkInterface(FakeRegion.OTHER_SUBNET, Map.of(), block("10.64.16.9"));

    List<ProviderPool> pools = session.pools();

    assertThat(pools)
        .extracting(ProviderPool::id, ProviderPool::zone)
        .containsExactly(
            tuple(FakeRegion.SUBNET, "eu-central-1a"),
            tuple(FakeRegion.OTHER_SUBNET, "eu-central-1b"));
    assertThat(pools.get(0).ranges()).containsExactly(FakeRegion.IPV4, FakeRegion.IPV6);
    assertThat(pools.get(0).used().prefixes())
        .contains(block("10.64.0.16"), block("2001:db8:64:0:9::/80"), block("10.64.15.255"));
    assertThat(pools.get(1).used().contains(block("10.64.16.9"))).isTrue();
    assertThat(pools.get(0).used().only(IpFamily.IPV4).contains(block("10.64.0.17"))).isFalse();
  }
}
