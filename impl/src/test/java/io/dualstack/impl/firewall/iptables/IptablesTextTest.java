package io.dualstack.impl.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IptablesTextTest {
  private static final ContainerFirewall CONTAINER =
      CellWorld.container(
          CellWorld.A,
          List.of(
              new SecurityGroup(
                  "web",
                  List.of(
                      rule(new Traffic.All(), false, "198.51.100.0/24"),
                      rule(ports(Protocol.TCP, 443, 443), true, "0.0.0.0/0"),
                      rule(ports(Protocol.UDP, 1000, 2000), false, "2001:db8:5::/48", "9.9.9.9"),
                      rule(new Traffic.Icmp(IpFamily.IPV4, 8, 0), false, "0.0.0.0/0"),
                      rule(new Traffic.Icmp(IpFamily.IPV4, -1, -1), false, "9.9.9.9"),
                      rule(new Traffic.Icmp(IpFamily.IPV6, 128, -1), false, "::/0"),
                      rule(new Traffic.Icmp(IpFamily.IPV6, -1, -1), false, "2001:db8:5::1")),
                  Set.of())));

  private static Traffic ports(Protocol transport, int first, int last) {
    return new Traffic.Ports(transport, List.of(PortRange.of(first, last)));
  }

  private static SecurityGroupRule rule(Traffic traffic, boolean log, String... destinations) {
    IpSet to =
        List.of(destinations).stream()
            .map(each -> each.contains("/") ? each : each + (each.contains(":") ? "/128" : "/32"))
            .map(CellWorld::set)
            .reduce(IpSet.empty(), IpSet::union);
    return new SecurityGroupRule(traffic, to, log, "");
  }

  private static FamilyTables tables(CellFirewall cell, IpFamily family) {
    return new FamilyTables(new IptablesTool(Namespace.own(), ""), new CellModel(cell), family);
  }

  private static final CellFirewall IPV4 =
      CellWorld.CELL.unmasquerading(IpPrefix.parse("172.16.0.0/12")).withIpv6(null);

  private static final PolicyRules POLICIES =
      new PolicyRules(
          List.of(),
          List.of(
              new PolicyRules.Source("app-b", CellWorld.B.ipv4(), 0x2b),
              new PolicyRules.Source("app-a", CellWorld.A.ipv4(), 0x2a)),
          List.of(
              allowed("", Protocol.TCP, 8080, 0x0c),
              allowed("app-b", Protocol.UDP, 53, 0x2b),
              allowed("app-a", Protocol.TCP, 8080, 0x2a)),
          true);

  private static PolicyRules.Allowed allowed(String source, Protocol transport, int port, int tag) {
    return new PolicyRules.Allowed(
        source, "app-a", CellWorld.A.ipv4(), transport, PortRange.single(port), tag);
  }

  @Test
  void writes_what_cells_have_always_had_by_ipv4() {
    GoldenFiles.of("iptables/ipv4")
        .assertMatch(
            Map.of(
                "put", tables(IPV4, IpFamily.IPV4).putting(CONTAINER).toString(),
                "egress", tables(IPV4, IpFamily.IPV4).changingEgress(CONTAINER).toString()));
  }

  @Test
  void writes_the_same_by_ipv4_whether_there_is_ipv6_or_not() {
    assertThat(tables(IPV4.withIpv6(CellWorld.IPV6), IpFamily.IPV4).putting(CONTAINER))
        .hasToString(tables(IPV4, IpFamily.IPV4).putting(CONTAINER).toString());
  }

  @Test
  void writes_their_twins_by_ipv6() {
    GoldenFiles.of("iptables/ipv6")
        .assertMatch(
            Map.of(
                "put", tables(CellWorld.CELL, IpFamily.IPV6).putting(CONTAINER).toString(),
                "egress",
                    tables(CellWorld.CELL, IpFamily.IPV6).changingEgress(CONTAINER).toString()));
  }

  @Test
  void writes_policies_block_by_block_in_the_order_of_their_text() {
    Restore change = new Restore();
    PolicyChain.of(new CellModel(IPV4), POLICIES, 1_700_000_000_000_000L).addTo(change);

    GoldenFiles.of("iptables/policies").assertMatch(Map.of("swap", change.toString()));
  }

  @Test
  void open_networks_come_before_all_policies() {
    PolicyRules open =
        new PolicyRules(
            List.of(IpPrefix.parse("10.255.0.0/16")), POLICIES.sources(), List.of(), false);

    assertThat(PolicyChain.of(new CellModel(IPV4), open, 1).lines())
        .first()
        .isEqualTo("-A vpa--1 -s 10.255.0.0/16 -d 10.255.0.0/16 --jump ACCEPT");
  }

  @Test
  void a_limit_without_a_log_rejects_and_a_dry_run_logs() {
    assertThat(limited(ConnectionLimit.Effect.REJECTED))
        .contains("--hashlimit-htable-expire 9000 -j REJECT\n")
        .doesNotContain("rl-log");
    assertThat(limited(ConnectionLimit.Effect.LOGGED))
        .contains("--hashlimit-htable-expire 9000 -j netout--aaaaaaaa-111--rl-log\n")
        .doesNotContain("-A netout--aaaaaaaa-111--rl-log --jump REJECT");
  }

  private static String limited(ConnectionLimit.Effect effect) {
    return tables(
            IPV4.limiting(DenyNetworks.NONE, new ConnectionLimit(100, 900, effect)), IpFamily.IPV4)
        .putting(CONTAINER)
        .toString();
  }

  @Test
  void without_logging_groups_log_what_asks_for_it_alone() {
    String text =
        tables(IPV4.logging(FirewallLogging.OFF), IpFamily.IPV4).putting(CONTAINER).toString();

    assertThat(text.lines().filter(line -> line.contains("iprange")))
        .allMatch(line -> line.endsWith("--jump ACCEPT") != line.contains("443:443"));
    assertThat(text).doesNotContain("DENY_a").doesNotContain("DENY_C2C");
  }

  @Test
  void names_are_cut_to_28_characters() {
    ChainNames names = ChainNames.of("check-1234567-1111-4222-8333-444444444444");

    assertThat(names.all()).allMatch(name -> name.length() <= 28);
    assertThat(names.netout()).isEqualTo("netout--check-1234567-1111-4");
    assertThat(names.log()).isEqualTo("netout--check-1234567-1--log");
    assertThat(names.limitLog()).isEqualTo("netout--check-123456--rl-log");
    assertThat(names.groups()).isEqualTo("asg-12345671111422283334");
    assertThat(names.candidate()).isEqualTo("casg-12345671111422283334");
    assertThat(ChainNames.of("h").all())
        .containsExactly(
            "input--h",
            "netout--h",
            "overlay--h",
            "netin--h",
            "netout--h--log",
            "netout--h--rl-log",
            "asg-h");
  }

  @Test
  void refuses_services_that_it_can_not_ask_for() {
    assertThatThrownBy(() -> ServiceArguments.of(ServiceSet.of(Protocol.of(0)), IpFamily.IPV4))
        .hasMessageContaining("takes it for any protocol");
  }
}
