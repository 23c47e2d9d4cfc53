package io.dualstack.impl.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
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
    return new FamilyTables(
        new IptablesTool(Namespace.own(), ""), new CellModel(cell), family);
  }

  @Test
  void writes_what_cells_have_always_had_by_ipv4() {
    CellFirewall cell = CellWorld.CELL.unmasquerading(IpPrefix.parse("172.16.0.0/12"));
    System.out.println(tables(cell, IpFamily.IPV4).putting(CONTAINER));
    System.out.println(tables(cell, IpFamily.IPV6).putting(CONTAINER));
    assertThat(cell).isNotNull();
  }
}
