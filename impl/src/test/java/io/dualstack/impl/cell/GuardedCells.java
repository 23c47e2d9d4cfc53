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
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Workload;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A foundation in small: two cells with firewalls, a router of the platform, a host of the
 * internet, one in a denied network. As an embedding service builds it, by the public API alone.
 */
final class GuardedCells implements AutoCloseable {
  static final IpAddress DNS = IpAddress.parse("169.254.0.2");
  static final IpAddress SERVICE_IPV6 = IpAddress.parse("fd00::53");
  static final int SERVICE_PORT = 9000;
  static final int DECLARED_PORT = 8080;

  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  private final Dualstack dualstack;
  private final List<GuardedHost> cells = new ArrayList<>();
  final LabHost router;
  final LabHost internet;
  final LabHost denied;

  /** A cell that guards its containers. */
  static final class GuardedHost {
    final LabHost host;
    private final LeaseAgent agent;
    private final Cell cell;

    GuardedHost(LabHost host, LeaseAgent agent, Cell cell) {
      this.host = host;
      this.agent = agent;
      this.cell = cell;
    }

    FirewallControl firewall() {
      return cell.firewall().orElseThrow();
    }

    Member attach(LabHost container) {
      return Member.of(container, cell.network().attach(named(container)));
    }

    void detach(Member member) {
      cell.network().detach(named(member.container()));
    }

    /** What an application's container has: its declared port, and groups. */
    ContainerFirewall app(Member member, SecurityGroup... groups) {
      return app(member, List.of(), groups);
    }

    /** The same with ports of the cell that lead to it. */
    ContainerFirewall app(Member member, List<PortMapping> mapped, SecurityGroup... groups) {
      return new ContainerFirewall(
          firewall().endpoint(named(member.container())),
          new Workload("app-" + member.container().name(), "space", Lifecycle.RUNNING),
          List.of(DECLARED_PORT),
          mapped,
          List.of(groups));
    }

    /** Ends the daemons; what is in the kernel stays. */
    void close() {
      cell.close();
      agent.close();
    }

    void poll() {
      agent.poll();
    }

    String subnet() {
      return agent.lease().overlaySubnet().toString();
    }
  }

  private static Container named(LabHost container) {
    return Container.of(container.name(), container.namespace());
  }

  GuardedCells(Lab lab, Path directory, BackendKind backend) {
    dualstack = Dualstack.builder().store("sqlite:" + directory.resolve("leases.db")).build();
    router = lab.host("router");
    internet = lab.host("internet");
    denied = lab.host("denied");
    List<LabHost> hosts = List.of(lab.host("cell1"), lab.host("cell2"));
    List<IpPrefix> prefixes =
        List.of(IpPrefix.parse("2001:db8:31::/80"), IpPrefix.parse("2001:db8:32::/80"));
    for (int i = 0; i < hosts.size(); i++) {
      lab.route(prefixes.get(i), hosts.get(i));
    }
    IpSet platform =
        IpSet.of(
            List.of(
                IpRange.single(router.address(IpFamily.IPV6)),
                IpRange.single(hosts.get(0).address(IpFamily.IPV6)),
                IpRange.single(hosts.get(1).address(IpFamily.IPV6))));
    for (int i = 0; i < hosts.size(); i++) {
      LabHost host = hosts.get(i);
      host.ip(
          "address add %s/32 dev lo".formatted(DNS),
          "address add %s/128 dev lo nodad".formatted(SERVICE_IPV6));
      CellFirewall rules =
          CellFirewall.of(host.address(IpFamily.IPV4), "eth0", "silk-vtep")
              .serving(List.of(DNS), List.of(service(DNS), service(SERVICE_IPV6)))
              .limiting(
                  new DenyNetworks(
                      List.of(
                          denied.address(IpFamily.IPV4).toPrefix(),
                          denied.address(IpFamily.IPV6).toPrefix()),
                      List.of(),
                      List.of()),
                  null)
              .withIpv6(
                  new Ipv6Firewall(
                      prefixes.get(i),
                      IpSet.of(prefixes.stream().map(IpRange::of).toList()),
                      platform));
      Path dataDir = directory.resolve(host.name());
      LeaseAgent agent =
          dualstack.leaseAgent(
              AgentConfig.of(host.address(IpFamily.IPV4), POOL, dataDir.resolve("store.json"))
                  .withIpv6(prefixes.get(i), Ipv6.REQUIRED)
                  .inNamespace(host.namespace()),
              dualstack.leases(POOL));
      Cell cell =
          dualstack.cell(
              CellConfig.of(agent.networks(), dataDir)
                  .inNamespace(host.namespace())
                  .guardedBy(new FirewallConfig(rules, backend, dataDir.resolve("iptables.lock"))));
      cells.add(new GuardedHost(host, agent, cell));
    }
    cells.forEach(GuardedHost::poll);
    for (GuardedHost each : cells) {
      internet.ip("route add %s via %s".formatted(each.subnet(), each.host.address(IpFamily.IPV4)));
    }
  }

  private static HostService service(IpAddress address) {
    return new HostService(Protocol.TCP, IpEndpoint.of(address, SERVICE_PORT));
  }

  GuardedHost one() {
    return cells.get(0);
  }

  GuardedHost two() {
    return cells.get(1);
  }

  /** Lets containers of a source reach those of a destination, each on whichever cell. */
  static PolicyRules policies(List<Member> sources, List<PolicyRules.Allowed> allowed) {
    List<PolicyRules.Source> tagged = new ArrayList<>();
    for (Member source : sources) {
      tagged.add(
          new PolicyRules.Source(
              "app-" + source.container().name(), source.address(IpFamily.IPV4), 1));
    }
    return new PolicyRules(List.of(), tagged, allowed, false);
  }

  /** What a policy lets one reach of another. */
  static PolicyRules.Allowed allowed(Member source, Member destination, int port) {
    return new PolicyRules.Allowed(
        "app-" + source.container().name(),
        "app-" + destination.container().name(),
        destination.address(IpFamily.IPV4),
        Protocol.TCP,
        PortRange.single(port),
        1);
  }

  /** Each attempt is a connection, and there are more of them than the kernel keeps in mind. */
  static void forgetConnectionsSoon(LabHost host) {
    host.write("net/netfilter/nf_conntrack_tcp_timeout_time_wait", "1");
    host.write("net/netfilter/nf_conntrack_tcp_timeout_close", "1");
  }

  @Override
  public void close() {
    for (GuardedHost each : cells) {
      each.close();
    }
    dualstack.close();
  }
}
