package io.dualstack.impl.firewall.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Verdict;
import io.dualstack.firewall.Workload;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellModelTest {
  private static final Workload APP = new Workload("app", "space", Lifecycle.RUNNING);
  private static final Workload BUILD = new Workload("app", "space", Lifecycle.STAGING);

  // Which groups apply

  private static BoundSecurityGroup bound(
      String name, Set<Lifecycle> defaultFor, Set<String> running, Set<String> staging) {
    return new BoundSecurityGroup(
        name + "-guid", new SecurityGroup(name, List.of(), defaultFor), running, staging);
  }

  @Test
  void defaults_of_the_lifecycle_come_before_groups_of_the_space() {
    List<BoundSecurityGroup> groups =
        List.of(
            bound("mine", Set.of(), Set.of("space"), Set.of()),
            bound("theirs", Set.of(), Set.of("elsewhere"), Set.of("elsewhere")),
            bound("building", Set.of(), Set.of(), Set.of("space")),
            bound("all", EnumSet.allOf(Lifecycle.class), Set.of(), Set.of()),
            bound("running", Set.of(Lifecycle.RUNNING), Set.of(), Set.of()),
            bound("staging", Set.of(Lifecycle.STAGING), Set.of(), Set.of()));

    assertThat(GroupChoice.of(groups, APP))
        .extracting(SecurityGroup::name)
        .containsExactly("all", "running", "mine");
    assertThat(GroupChoice.of(groups, BUILD))
        .extracting(SecurityGroup::name)
        .containsExactly("all", "staging", "building");
  }

  @Test
  void a_default_that_the_space_is_bound_to_counts_once() {
    List<BoundSecurityGroup> groups =
        List.of(
            bound("other", Set.of(), Set.of("space"), Set.of()),
            bound("both", Set.of(Lifecycle.RUNNING), Set.of("space"), Set.of()));

    assertThat(GroupChoice.of(groups, APP))
        .extracting(SecurityGroup::name)
        .containsExactly("both", "other");
  }

  @Test
  void a_container_of_which_space_or_purpose_is_unknown_has_no_groups() {
    List<BoundSecurityGroup> groups =
        List.of(bound("all", EnumSet.allOf(Lifecycle.class), Set.of(""), Set.of("")));

    assertThat(GroupChoice.of(groups, new Workload("app", "", Lifecycle.RUNNING))).isEmpty();
    assertThat(GroupChoice.of(groups, new Workload("app", "space", null))).isEmpty();
  }

  // Rules

  private static List<CellRule> egress(CellFirewall cell, Workload workload, IpFamily family) {
    ContainerFirewall container =
        new ContainerFirewall(CellWorld.A, workload, List.of(), List.of(), List.of());
    return new CellModel(cell).rules(container, family).orElseThrow().of(Path.EGRESS);
  }

  private static List<String> origins(List<CellRule> rules) {
    return rules.stream().map(rule -> rule.origins().get(0)).toList();
  }

  @Test
  void denied_networks_are_those_of_the_lifecycle_and_of_all_the_last_first() {
    CellFirewall cell =
        CellWorld.PLAIN.limiting(
            new DenyNetworks(
                List.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("2001:db8::/32")),
                List.of(IpPrefix.parse("172.16.0.0/12"), IpPrefix.parse("192.168.0.0/16")),
                List.of(IpPrefix.parse("100.64.0.0/10"))),
            null);

    assertThat(origins(egress(cell, APP, IpFamily.IPV4)).subList(2, 5))
        .containsExactly(
            "denied network 192.168.0.0/16",
            "denied network 172.16.0.0/12",
            "denied network 10.0.0.0/8");
    assertThat(origins(egress(cell, BUILD, IpFamily.IPV4)).subList(2, 4))
        .containsExactly("denied network 100.64.0.0/10", "denied network 10.0.0.0/8");
    assertThat(origins(egress(cell, Workload.UNKNOWN, IpFamily.IPV4)))
        .contains("denied network 10.0.0.0/8")
        .hasSize(4);
    assertThat(origins(egress(cell.withIpv6(CellWorld.IPV6), APP, IpFamily.IPV6)))
        .contains("denied network 2001:db8::/32")
        .doesNotContain("denied network 10.0.0.0/8");
  }

  @Test
  void a_limit_comes_after_known_connections_and_before_denied_networks() {
    List<CellRule> rules = egress(CellWorld.CELL, APP, IpFamily.IPV4);

    assertThat(rules.get(2))
        .isInstanceOfSatisfying(
            CellRule.Limit.class,
            limit ->
                assertThat(limit.log())
                    .isEqualTo(PacketLog.of("DENY_ORL_aaaaaaaa-1111-4222-8333", 2)));
    assertThat(origins(rules).get(3)).startsWith("denied network");
    assertThat(new ConnectionLimit(100, 900, ConnectionLimit.Effect.REJECTED).expiryMillis())
        .isEqualTo(9000);
    assertThat(new ConnectionLimit(100, 1, ConnectionLimit.Effect.REJECTED).expiryMillis())
        .isEqualTo(1000);
  }

  @Test
  void lines_of_the_log_begin_with_28_characters_and_a_blank() {
    assertThat(PacketLog.of("DENY_C2C_" + CellWorld.A.handle(), 1).prefix())
        .isEqualTo("DENY_C2C_aaaaaaaa-1111-4222- ")
        .hasSize(29);
    assertThat(PacketLog.of("OK_h", 1).prefix()).isEqualTo("OK_h ");
  }

  @Test
  void a_packet_gets_the_mark_of_its_source_and_leaves_by_the_overlay_with_it() {
    PolicyRules policies =
        new PolicyRules(
            List.of(),
            List.of(new PolicyRules.Source("app", CellWorld.A.ipv4(), 0x2a)),
            List.of(),
            false);
    CellFilter filter =
        new CellFilter(
            new CellModel(CellWorld.CELL),
            List.of(ContainerFirewall.closed(CellWorld.A)),
            policies);
    Packet packet =
        Packet.opening(
            CellWorld.A.ipv4(), IpAddress.parse("10.255.9.9"), Service.port(Protocol.TCP, 80));

    CellFilter.Outcome outcome =
        filter.outcome(new Passage(packet, CellWorld.A.device(), CellWorld.OVERLAY));

    assertThat(outcome.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(outcome.mark()).isEqualTo(0x2a);
    assertThat(outcome.decidedBy().orElseThrow().origins())
        .containsExactly("an application that a policy names");
  }

  @Test
  void containers_of_open_networks_reach_each_other_without_a_policy() {
    PolicyRules open =
        new PolicyRules(
            List.of(IpPrefix.parse("10.255.0.0/16"), IpPrefix.parse("10.200.0.0/16")),
            List.of(),
            List.of(),
            false);

    assertThat(new CellModel(CellWorld.CELL).policies(open))
        .extracting(rule -> rule.match().sources() + " " + rule.match().destinations())
        .hasSize(4)
        .first()
        .asString()
        .contains("10.255.0.0");
  }

  @Test
  void platform_networks_without_declared_ports_let_nothing_in() {
    assertThat(
            new CellModel(CellWorld.CELL)
                .rules(ContainerFirewall.closed(CellWorld.A), IpFamily.IPV6)
                .orElseThrow()
                .of(Path.FROM_UNDERLAY))
        .isEmpty();
    assertThat(CellWorld.IPV6.callers().contains(CellWorld.OWN.first())).isFalse();
  }

  // What can't be

  @Test
  void refuses_what_can_not_be_written_in_a_rule() {
    assertThatThrownBy(() -> CellFirewall.of(CellWorld.A.ipv4(), "eth+", "vtep"))
        .hasMessageContaining("underlay: \"eth+\": is no device");
    assertThatThrownBy(() -> CellFirewall.of(CellWorld.A.ipv4(), "eth0", "eth0"))
        .hasMessageContaining("a device is there twice");
    assertThatThrownBy(
            () ->
                new io.dualstack.firewall.ContainerEndpoint("a b", "s-1", CellWorld.A.ipv4(), null))
        .hasMessageContaining("handle: \"a b\": is no name");
    assertThatThrownBy(() -> new PolicyRules.Source("a\"\n-A INPUT", CellWorld.A.ipv4(), 1))
        .hasMessageContaining("is no name");
  }

  @Test
  void refuses_values_of_the_other_family_or_out_of_range() {
    assertThatThrownBy(
            () ->
                new io.dualstack.firewall.ContainerEndpoint(
                    "a", "s-1", CellWorld.A.ipv4(), IpAddress.parse("::ffff:10.0.0.1")))
        .hasMessageContaining("IPv4-mapped");
    assertThatThrownBy(
            () -> new Ipv6Firewall(IpPrefix.parse("10.0.0.0/8"), IpSet.empty(), IpSet.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Ipv6Firewall(CellWorld.OWN, IpSet.empty(), IpSet.all(IpFamily.IPV4)))
        .hasMessageContaining("platform:");
    assertThatThrownBy(() -> new PolicyRules.Source("app", CellWorld.A.ipv4(), 0x10000))
        .hasMessageContaining("tag: 65536");
    assertThatThrownBy(
            () ->
                new PolicyRules.Allowed(
                    "a", "b", CellWorld.A.ipv4(), Protocol.ICMP, PortRange.single(1), 1))
        .hasMessageContaining("use tcp or udp");
    assertThatThrownBy(() -> new ConnectionLimit(0, 1, ConnectionLimit.Effect.LOGGED))
        .hasMessageContaining("rate_per_sec: 0");
  }
}
