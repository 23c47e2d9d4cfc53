package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Traffic;
import io.dualstack.firewall.Workload;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** A cell with two containers, and few enough addresses, devices and services that all meet. */
public final class CellWorld {
  public static final String UNDERLAY = "eth0";
  public static final String OVERLAY = "silk-vtep";
  public static final String OTHER = "docker0";

  public static final IpPrefix OWN = IpPrefix.parse("2001:db8:c:1::/80");

  public static final CellFirewall PLAIN =
      CellFirewall.of(IpAddress.parse("172.31.0.1"), UNDERLAY, OVERLAY);

  /** The platform holds containers' own prefix too, which must not count. */
  public static final Ipv6Firewall IPV6 =
      new Ipv6Firewall(
          OWN, set("2001:db8:c:2::/80"), set("2001:db8:ff::/64").union(set("2001:db8:c::/48")));

  public static final CellFirewall CELL =
      PLAIN
          .serving(
              List.of(
                  IpAddress.parse("169.254.0.2"),
                  IpAddress.parse("192.0.2.53"),
                  IpAddress.parse("fe80::1")),
              List.of(
                  new HostService(Protocol.TCP, IpEndpoint.parse("169.254.0.3:8080")),
                  new HostService(Protocol.UDP, IpEndpoint.parse("[2001:db8:ff::1]:8080"))))
          .limiting(
              new DenyNetworks(
                  List.of(IpPrefix.parse("192.0.2.0/28"), IpPrefix.parse("2001:db8:9::/64")),
                  List.of(IpPrefix.parse("198.51.100.1/32")),
                  List.of(IpPrefix.parse("2001:db8:8::1/128"))),
              new ConnectionLimit(10, 20, ConnectionLimit.Effect.LOGGED_AND_REJECTED))
          .logging(new FirewallLogging(true, true, 2, 100))
          .withIpv6(IPV6);

  public static final ContainerEndpoint A =
      new ContainerEndpoint(
          "aaaaaaaa-1111-4222-8333-444444444444",
          "s-010255001002",
          IpAddress.parse("10.255.1.2"),
          IpAddress.parse("2001:db8:c:1::2"));

  public static final ContainerEndpoint B =
      new ContainerEndpoint(
          "bbbbbbbb-1111-4222-8333-444444444444",
          "s-010255001003",
          IpAddress.parse("10.255.1.3"),
          IpAddress.parse("2001:db8:c:1::3"));

  private CellWorld() {}

  public static IpSet set(String prefix) {
    return IpSet.of(IpRange.of(IpPrefix.parse(prefix)));
  }

  public static ContainerFirewall container(
      ContainerEndpoint endpoint, List<SecurityGroup> groups) {
    return new ContainerFirewall(
        endpoint,
        new Workload("app", "space", Lifecycle.RUNNING),
        List.of(8080),
        List.of(new PortMapping(61001, 8080)),
        groups);
  }

  public static Arbitrary<List<SecurityGroup>> groups() {
    Arbitrary<Traffic> traffic =
        Arbitraries.of(
            new Traffic.All(),
            new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(8080))),
            new Traffic.Ports(Protocol.UDP, List.of(PortRange.of(50, 60))),
            new Traffic.Icmp(IpFamily.IPV4, 8, 0),
            new Traffic.Icmp(IpFamily.IPV6, -1, -1));
    Arbitrary<SecurityGroupRule> rule =
        Combinators.combine(
                traffic,
                Arbitraries.of(
                    IpSet.all(),
                    set("192.0.2.0/24"),
                    set("2001:db8:9::/48"),
                    set("198.51.100.0/24").union(set("2001:db8:8::/64"))),
                Arbitraries.of(true, false))
            .filter(
                (about, to, log) ->
                    Stream.of(IpFamily.values())
                        .anyMatch(family -> about.runsOver(family) && !to.only(family).isEmpty()))
            .as((about, to, log) -> new SecurityGroupRule(about, over(about, to), log, ""));
    return rule.list()
        .ofMaxSize(3)
        .map(rules -> new SecurityGroup("group", rules, Set.of()))
        .list()
        .ofMaxSize(2)
        .withoutEdgeCases();
  }

  private static IpSet over(Traffic traffic, IpSet addresses) {
    return Stream.of(IpFamily.values())
        .filter(traffic::runsOver)
        .map(addresses::only)
        .reduce(IpSet.empty(), IpSet::union);
  }

  private static final List<IpAddress> ADDRESSES =
      Stream.of(
              "10.255.1.2",
              "10.255.1.3",
              "10.255.2.2",
              "169.254.0.2",
              "169.254.0.3",
              "172.31.0.9",
              "192.0.2.5",
              "192.0.2.53",
              "198.51.100.1",
              "198.51.100.2",
              "2001:db8:c:1::2",
              "2001:db8:c:1::3",
              "2001:db8:c:1::4",
              "2001:db8:c:2::2",
              "2001:db8:c:3::1",
              "2001:db8:ff::1",
              "2001:db8:ff::9",
              "2001:db8:9::1",
              "2001:db8:8::1",
              "2001:db8:77::1",
              "fe80::1",
              "ff02::1")
          .map(IpAddress::parse)
          .toList();

  private static Stream<Service> services(IpFamily family) {
    Protocol icmp = Protocol.icmpOf(family);
    return Stream.of(
        Service.port(Protocol.TCP, 53),
        Service.port(Protocol.UDP, 53),
        Service.port(Protocol.TCP, 8080),
        Service.port(Protocol.UDP, 8080),
        Service.port(Protocol.TCP, 22),
        Service.icmp(icmp, 2, 0),
        Service.icmp(icmp, 8, 0),
        Service.icmp(icmp, 128, 0),
        Service.icmp(icmp, 134, 0),
        Service.icmp(icmp, 135, 0),
        new Service(Protocol.GRE, 0));
  }

  private static List<IpAddress> of(IpFamily family) {
    return ADDRESSES.stream().filter(each -> each.family() == family).toList();
  }

  /** Every other address is a container's. */
  private static Arbitrary<IpAddress> addresses(IpFamily family) {
    return Arbitraries.oneOf(
        Arbitraries.of(A.address(family).orElseThrow(), B.address(family).orElseThrow()),
        Arbitraries.of(of(family)));
  }

  public static Arbitrary<Packet> packets() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(
            family ->
                Combinators.combine(
                        addresses(family),
                        addresses(family),
                        Arbitraries.of(services(family).toList()),
                        Arbitraries.oneOf(
                            Arbitraries.just(ConnectionState.NEW),
                            Arbitraries.of(ConnectionState.class)),
                        Arbitraries.of(0L, 0L, 1L, 2L, CellFirewall.INGRESS_MARK))
                    .as(Packet::new))
        .withoutEdgeCases();
  }

  /** Packets with devices that belong to their addresses where those are containers'. */
  public static Arbitrary<Passage> passages() {
    Arbitrary<String> anywhere = Arbitraries.of(UNDERLAY, UNDERLAY, OVERLAY, OTHER);
    return Combinators.combine(packets(), anywhere, anywhere, Arbitraries.of(true, false, false))
        .as(
            (packet, in, out, toHost) ->
                new Passage(
                    packet,
                    device(packet.source(), in),
                    toHost && device(packet.destination(), "").isEmpty()
                        ? ""
                        : device(packet.destination(), out)))
        .withoutEdgeCases();
  }

  private static String device(IpAddress address, String otherwise) {
    return Stream.of(A, B)
        .filter(each -> each.address(address.family()).orElseThrow().equals(address))
        .map(ContainerEndpoint::device)
        .findFirst()
        .orElse(otherwise);
  }
}
