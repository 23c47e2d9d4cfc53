package io.dualstack.impl.cell;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.cell.FirewallControl;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Workload;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import java.nio.file.Path;
import java.util.List;

/**
 * One instance on a cell with a firewall, whose port the platform's router may reach, by IPv6 where
 * the cell has a prefix and always by a port of the cell. By the public API alone.
 */
final class PlacedInstance implements AutoCloseable {
  static final int PORT = 8080;
  static final int CELL_PORT = 61000;

  private static final IpPrefix PREFIX = IpPrefix.parse("2001:db8:31::/80");
  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  private final LeaseAgent agent;
  private final Cell cell;
  final LabHost container;
  final NetInfo info;

  PlacedInstance(Dualstack dualstack, Lab lab, LabHost router, Path folder, boolean ipv6) {
    LabHost host = lab.host("cell");
    container = lab.container("instance");
    AgentConfig leases =
        AgentConfig.of(host.address(IpFamily.IPV4), POOL, folder.resolve("store.json"))
            .inNamespace(host.namespace());
    CellFirewall rules = CellFirewall.of(host.address(IpFamily.IPV4), "eth0", "silk-vtep");
    if (ipv6) {
      lab.route(PREFIX, host);
      leases = leases.withIpv6(PREFIX, Ipv6.REQUIRED);
      rules =
          rules.withIpv6(
              new Ipv6Firewall(
                  PREFIX,
                  IpSet.of(IpRange.of(PREFIX)),
                  IpSet.of(IpRange.single(router.address(IpFamily.IPV6)))));
    }
    agent = dualstack.leaseAgent(leases, dualstack.leases(POOL));
    cell =
        dualstack.cell(
            CellConfig.of(agent.networks(), folder)
                .inNamespace(host.namespace())
                .guardedBy(
                    new FirewallConfig(rules, BackendKind.NFTABLES, folder.resolve("lock"))));
    agent.poll();
    Container named = Container.of(container.name(), container.namespace());
    Member member = Member.of(container, cell.network().attach(named));
    FirewallControl firewall = cell.firewall().orElseThrow();
    firewall.put(
        new ContainerFirewall(
            firewall.endpoint(named),
            new Workload("app", "space", Lifecycle.RUNNING),
            List.of(PORT),
            List.of(new io.dualstack.firewall.PortMapping(CELL_PORT, PORT)),
            List.of()));
    IpAddress own = ipv6 ? member.address(IpFamily.IPV6) : null;
    info =
        NetInfo.of(
            host.address(IpFamily.IPV4),
            member.address(IpFamily.IPV4),
            own,
            List.of(PortMapping.of(PORT, CELL_PORT)));
  }

  @Override
  public void close() {
    cell.close();
    agent.close();
  }
}
