package io.dualstack.impl.firewall;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.firewall.Workload;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.iptables.IptablesBackend;
import io.dualstack.impl.firewall.nftables.NftablesBackend;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A namespace that stands for a cell, and containers to measure firewalls with. Needs root. */
final class FirewallCell implements AutoCloseable {
  private static final CellModel MODEL =
      new CellModel(
          CellFirewall.of(IpAddress.parse("172.31.0.1"), "eth0", "silk-vtep")
              .withIpv6(
                  new Ipv6Firewall(
                      IpPrefix.parse("2001:db8:c:1::/80"), IpSet.empty(), IpSet.empty())));

  private final String name;
  final Namespace namespace;
  final FirewallBackend backend;

  FirewallCell(String name, String kind, Path directory) {
    this.name = name;
    this.namespace = made(name);
    this.backend =
        kind.equals("nftables")
            ? new NftablesBackend(MODEL, namespace)
            : new IptablesBackend(MODEL, namespace, directory.resolve("iptables.lock"));
  }

  static Namespace made(String name) {
    run(Namespace.own(), "ip netns add " + name);
    return Namespace.open(Path.of("/run/netns", name));
  }

  static String run(Namespace where, String command) {
    return Tool.run(where, List.of(command.split(" ")), "");
  }

  /** A container with rules of its own: no other has the same. */
  static ContainerFirewall container(int number, int rules, int version) {
    List<SecurityGroupRule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      all.add(rule(number, i, version));
    }
    return new ContainerFirewall(
        new ContainerEndpoint(
            "%08x-1111-4222-8333-444444444444".formatted(number),
            "s-%d".formatted(number),
            IpAddress.parse("10.255.1.%d".formatted(number)),
            IpAddress.parse("2001:db8:c:1::%x".formatted(number))),
        new Workload("app", "space", Lifecycle.RUNNING),
        List.of(8080),
        List.of(),
        List.of(new SecurityGroup("group", all, Set.of())));
  }

  /** Each to a network of its own, every second by IPv6. */
  private static SecurityGroupRule rule(int container, int number, int version) {
    String network =
        number % 2 == 0
            ? "%d.%d.%d.16/28".formatted(11 + number / 65536, number / 256 % 256, number % 256)
            : "2001:db8:%x:%x::/64".formatted(4096 + container, number);
    return new SecurityGroupRule(
        new Traffic.Ports(
            Protocol.UDP, List.of(PortRange.of(1000 + container, 2000 + number % 7 + version))),
        IpSet.of(IpRange.of(IpPrefix.parse(network))),
        false,
        "");
  }

  @Override
  public void close() {
    namespace.close();
    run(Namespace.own(), "ip netns delete " + name);
  }
}
