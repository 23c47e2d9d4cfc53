package io.dualstack.impl.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NftablesTextTest {
  private static final List<SecurityGroup> GROUPS =
      List.of(
          new SecurityGroup(
              "web",
              List.of(
                  rule(ports(Protocol.TCP, 443, 443), true, "0.0.0.0/0"),
                  rule(ports(Protocol.TCP, 80, 443), false, "9.9.0.0/16"),
                  rule(ports(Protocol.TCP, 90, 100), false, "9.9.9.0/24"),
                  rule(ports(Protocol.UDP, 53, 53), false, "9.9.9.9/32"),
                  rule(new Traffic.All(), false, "198.51.100.0/24"),
                  rule(ports(Protocol.UDP, 1000, 2000), false, "2001:db8:5::/48"),
                  rule(new Traffic.Icmp(IpFamily.IPV4, 8, 0), false, "0.0.0.0/0"),
                  rule(new Traffic.Icmp(IpFamily.IPV6, -1, -1), false, "2001:db8:5::1/128")),
              Set.of()));

  private static final CellFirewall IPV4 =
      CellWorld.CELL.unmasquerading(IpPrefix.parse("172.16.0.0/12")).withIpv6(null);

  private static final PolicyRules POLICIES =
      new PolicyRules(
          List.of(),
          List.of(new PolicyRules.Source("app-a", CellWorld.A.ipv4(), 0x2a)),
          List.of(allowed("app-a", 8080, 8090), allowed("app-b", 8085, 9000)),
          true);

  private static PolicyRules.Allowed allowed(String source, int first, int last) {
    return new PolicyRules.Allowed(
        source, source, CellWorld.B.ipv4(), Protocol.TCP, PortRange.of(first, last), 0x2a);
  }

  private static Traffic ports(Protocol transport, int first, int last) {
    return new Traffic.Ports(transport, List.of(PortRange.of(first, last)));
  }

  private static SecurityGroupRule rule(Traffic traffic, boolean log, String destinations) {
    return new SecurityGroupRule(traffic, CellWorld.set(destinations), log, "");
  }

  private static NftablesBackend.Installation installation(
      CellFirewall cell, List<ContainerFirewall> containers) {
    return new NftablesBackend(new CellModel(cell), Namespace.own())
        .installation(containers, POLICIES);
  }

  /** The stamp differs from time to time. */
  private static String text(CellFirewall cell) {
    return installation(cell, List.of(CellWorld.container(CellWorld.A, GROUPS)))
        .script()
        .replaceFirst("elements = \\{ [0-9]+ \\}", "elements = { STAMP }");
  }

  @Test
  void writes_one_table() {
    GoldenFiles.of("nftables")
        .assertMatch(Map.of("ipv4", text(IPV4), "both", text(CellWorld.CELL)));
  }

  @Test
  void writes_nothing_about_ipv6_without_it() {
    assertThat(text(IPV4)).doesNotContain("ip6").doesNotContain("ipv6").doesNotContain("icmpv6");
  }

  @Test
  void a_change_of_one_container_says_as_much_however_many_others_there_are() {
    assertThat(lengths(10)).isEqualTo(lengths(250));
  }

  private static List<Integer> lengths(int containers) {
    CellModel model = new CellModel(CellWorld.CELL);
    List<ContainerFirewall> others = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      others.add(
          new ContainerFirewall(
              endpoint(i),
              CellWorld.container(CellWorld.A, List.of()).workload(),
              List.of(8080),
              List.of(),
              GROUPS));
    }
    TableState state = installation(CellWorld.CELL, others).state();
    CellTable table = new CellTable(model);
    ContainerFirewall container =
        CellWorld.container(
            CellWorld.A,
            List.of(
                new SecurityGroup(
                    "own",
                    List.of(rule(ports(Protocol.TCP, 1, 9), false, "9.0.0.0/8")),
                    Set.of())));
    String handle = container.endpoint().handle();
    List<Integer> lengths = new ArrayList<>();
    for (Contents contents :
        List.of(
            table.contents(container),
            table.contents(container.reaching(GROUPS)),
            table.contents(container.reaching(GROUPS)),
            new Contents())) {
      TableState.Change change = state.change(handle, null, contents, state.stamp());
      String script = change.preparing() + change.turning() + change.clearing();
      lengths.add(script.replace(state.stamp(), "").length());
    }
    assertThat(lengths.get(0)).isGreaterThan(lengths.get(2));
    return lengths;
  }

  private static ContainerEndpoint endpoint(int number) {
    return new ContainerEndpoint(
        "handle-" + number,
        "s-" + number,
        IpAddress.parse("10.255.2." + number),
        IpAddress.parse("2001:db8:c:1::1:%x".formatted(number)));
  }

  @Test
  void refuses_two_containers_with_one_host_port_or_handle() {
    ContainerFirewall one = CellWorld.container(CellWorld.A, GROUPS);

    assertThatThrownBy(
            () ->
                installation(
                    CellWorld.CELL, List.of(one, CellWorld.container(CellWorld.B, GROUPS))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("61001");
    assertThatThrownBy(
            () ->
                new NftablesBackend(new CellModel(CellWorld.CELL), Namespace.own())
                    .install(List.of(one, one), PolicyRules.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(one.endpoint().handle());
  }
}
