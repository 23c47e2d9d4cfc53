package io.dualstack.impl.firewall;

import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.firewall.cell.Passage;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Groups, policies and packets of a world of little, so that much of it meets. */
final class RandomTraffic {
  private static final int PACKETS = 150;

  private final Random random;
  private final CellLab lab;

  RandomTraffic(long seed, CellLab lab) {
    this.random = new Random(seed);
    this.lab = lab;
  }

  static final List<IpAddress> WORLD =
      addresses(
          "192.0.2.5",
          "198.51.100.1",
          "198.51.100.2",
          "203.0.113.99",
          "2001:db8:9::1",
          "2001:db8:8::1",
          "2001:db8:8::2",
          "2001:db8:77::1");

  private static final List<IpAddress> CALLERS =
      addresses(
          "192.0.2.5",
          "172.31.0.9",
          "2001:db8:ff::9",
          "2001:db8:77::1",
          "2001:db8:c:2::2",
          "2001:db8:c:3::1");

  private static final List<IpAddress> OVERLAY =
      addresses("10.255.9.1", "10.255.9.2", "10.255.9.3", "10.255.9.4");

  private static List<IpAddress> addresses(String... texts) {
    return Stream.of(texts).map(IpAddress::parse).toList();
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private Service service(IpFamily family) {
    List<Service> services = new ArrayList<>();
    for (int port : new int[] {53, 55, 8080, 22}) {
      services.add(Service.port(Protocol.TCP, port));
      services.add(Service.port(Protocol.UDP, port));
    }
    Protocol icmp = Protocol.icmpOf(family);
    services.add(Service.icmp(icmp, family == IpFamily.IPV4 ? 8 : 128, 0));
    if (family == IpFamily.IPV6) {
      services.add(Service.icmp(icmp, 2, 0));
      services.add(Service.icmp(icmp, 133, 0));
      services.add(Service.icmp(icmp, 135, 0));
    }
    return any(services);
  }

  SecurityGroup group() {
    List<SecurityGroupRule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Traffic traffic =
          any(
              List.of(
                  new Traffic.All(),
                  new Traffic.Ports(
                      Protocol.TCP, List.of(PortRange.single(8080), PortRange.of(20, 54))),
                  new Traffic.Ports(Protocol.UDP, List.of(PortRange.of(54, 60))),
                  new Traffic.Icmp(IpFamily.IPV4, 8, 0),
                  new Traffic.Icmp(IpFamily.IPV4, -1, -1),
                  new Traffic.Icmp(IpFamily.IPV6, 128, -1),
                  new Traffic.Icmp(IpFamily.IPV6, 255, 255)));
      IpSet to =
          any(
              List.of(
                  IpSet.all(),
                  CellWorld.set("192.0.2.0/24").union(CellWorld.set("2001:db8:8::/64")),
                  CellWorld.set("198.51.100.2/31").union(CellWorld.set("2001:db8:77::1/128")),
                  CellWorld.set("198.51.100.0/24").union(CellWorld.set("2001:db8:9::/48"))));
      for (IpFamily family : IpFamily.values()) {
        to = traffic.runsOver(family) ? to : to.only(family.other());
      }
      rules.add(new SecurityGroupRule(traffic, to, random.nextBoolean(), ""));
    }
    return new SecurityGroup("group", rules, Set.of());
  }

  PolicyRules policies() {
    List<PolicyRules.Allowed> allowed = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      allowed.add(
          new PolicyRules.Allowed(
              "source",
              "app",
              any(List.of(lab.a, lab.b)).ipv4(),
              any(List.of(Protocol.TCP, Protocol.UDP)),
              any(List.of(PortRange.single(8080), PortRange.of(20, 60))),
              1 + random.nextInt(2)));
    }
    List<PolicyRules.Source> sources =
        random.nextBoolean()
            ? List.of(new PolicyRules.Source("source", lab.a.ipv4(), 1))
            : List.of();
    return new PolicyRules(List.of(), sources, allowed, random.nextBoolean());
  }

  List<Passage> passages() {
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      ContainerEndpoint container = any(List.of(lab.a, lab.b));
      ContainerEndpoint other = container.equals(lab.a) ? lab.b : lab.a;
      IpFamily family = any(List.of(IpFamily.values()));
      passages.add(
          switch (random.nextInt(8)) {
            case 0 -> lab.from(container, other.address(family).orElseThrow(), service(family));
            case 1 -> lab.from(container, CellLab.FAR, service(IpFamily.IPV4));
            case 2 -> lab.fromOverlay(any(OVERLAY), container, service(IpFamily.IPV4));
            case 3, 4 -> {
              IpAddress caller = any(CALLERS);
              yield lab.fromWorld(caller, container, service(caller.family()));
            }
            default -> {
              IpAddress to = any(WORLD);
              yield lab.from(container, to, service(to.family()));
            }
          });
    }
    return passages;
  }
}
