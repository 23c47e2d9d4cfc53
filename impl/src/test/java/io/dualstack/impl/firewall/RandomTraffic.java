package io.dualstack.impl.firewall;

import static java.util.Objects.requireNonNull;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.sessions.JqwikSession;

/** Groups, policies and packets of a world of little, so that much of it meets. */
final class RandomTraffic {
  private static final int PACKETS = 150;
  private static final int GENERATED = 100;

  private final Random random;
  private final CellLab lab;

  /** What is drawn here is the same for the same seed. */
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

  static final List<IpAddress> OVERLAY =
      addresses("10.255.9.1", "10.255.9.2", "10.255.9.3", "10.255.9.4");

  private static List<IpAddress> addresses(String... texts) {
    return Stream.of(texts).map(IpAddress::parse).toList();
  }

  private <T> T draw(Arbitrary<T> arbitrary) {
    AtomicReference<T> drawn = new AtomicReference<>();
    JqwikSession.run(() -> drawn.set(arbitrary.generator(GENERATED).next(random).value()));
    return requireNonNull(drawn.get(), "drawn");
  }

  SecurityGroup group() {
    return draw(groups());
  }

  PolicyRules policies() {
    return draw(policies(lab));
  }

  List<Passage> passages() {
    return draw(passages(lab).list().ofSize(PACKETS));
  }

  // What may be drawn

  private static Arbitrary<Service> services(IpFamily family) {
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
    return Arbitraries.of(services);
  }

  private static final List<Traffic> TRAFFIC =
      List.of(
          new Traffic.All(),
          new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(8080), PortRange.of(20, 54))),
          new Traffic.Ports(Protocol.UDP, List.of(PortRange.of(54, 60))),
          new Traffic.Icmp(IpFamily.IPV4, 8, 0),
          new Traffic.Icmp(IpFamily.IPV4, -1, -1),
          new Traffic.Icmp(IpFamily.IPV6, 128, -1),
          new Traffic.Icmp(IpFamily.IPV6, 255, 255));

  private static final List<IpSet> DESTINATIONS =
      List.of(
          IpSet.all(),
          CellWorld.set("192.0.2.0/24").union(CellWorld.set("2001:db8:8::/64")),
          CellWorld.set("198.51.100.2/31").union(CellWorld.set("2001:db8:77::1/128")),
          CellWorld.set("198.51.100.0/24").union(CellWorld.set("2001:db8:9::/48")));

  static Arbitrary<SecurityGroup> groups() {
    Arbitrary<SecurityGroupRule> rules =
        Combinators.combine(
                Arbitraries.of(TRAFFIC), Arbitraries.of(DESTINATIONS), Arbitraries.of(false, true))
            .as(RandomTraffic::rule);
    return rules
        .list()
        .ofMaxSize(3)
        .map(all -> new SecurityGroup("group", all, Set.of()))
        .withoutEdgeCases();
  }

  private static SecurityGroupRule rule(Traffic traffic, IpSet destinations, boolean log) {
    IpSet to = destinations;
    for (IpFamily family : IpFamily.values()) {
      to = traffic.runsOver(family) ? to : to.only(family.other());
    }
    return new SecurityGroupRule(traffic, to, log, "");
  }

  static Arbitrary<PolicyRules> policies(CellLab lab) {
    Arbitrary<PolicyRules.Allowed> allowed =
        Combinators.combine(
                Arbitraries.of(lab.a, lab.b),
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                Arbitraries.of(PortRange.single(8080), PortRange.of(20, 60)),
                Arbitraries.of(1, 2))
            .as(
                (to, transport, ports, tag) ->
                    new PolicyRules.Allowed("source", "app", to.ipv4(), transport, ports, tag));
    PolicyRules.Source source = new PolicyRules.Source("source", lab.a.ipv4(), 1);
    return Combinators.combine(
            Arbitraries.of(source).list().ofMaxSize(1),
            allowed.list().ofMaxSize(3),
            Arbitraries.of(false, true))
        .as((sources, all, log) -> new PolicyRules(List.of(), sources, all, log))
        .withoutEdgeCases();
  }

  /** In every direction, and by both families. */
  static Arbitrary<Passage> passages(CellLab lab) {
    Arbitrary<ContainerEndpoint> containers = Arbitraries.of(lab.a, lab.b);
    Arbitrary<IpFamily> families = Arbitraries.of(IpFamily.class);
    Arbitrary<Passage> within =
        Combinators.combine(containers, families)
            .flatAs(
                (from, family) ->
                    services(family)
                        .map(
                            service ->
                                lab.from(
                                    from,
                                    (from.equals(lab.a) ? lab.b : lab.a)
                                        .address(family)
                                        .orElseThrow(),
                                    service)));
    Arbitrary<Passage> toOverlay =
        Combinators.combine(containers, services(IpFamily.IPV4))
            .as((from, service) -> lab.from(from, CellLab.FAR, service));
    Arbitrary<Passage> fromOverlay =
        Combinators.combine(Arbitraries.of(OVERLAY), containers, services(IpFamily.IPV4))
            .as(lab::fromOverlay);
    Arbitrary<Passage> in =
        Combinators.combine(Arbitraries.of(CALLERS), containers)
            .flatAs(
                (caller, to) ->
                    services(caller.family()).map(service -> lab.fromWorld(caller, to, service)));
    Arbitrary<Passage> out =
        Combinators.combine(containers, Arbitraries.of(WORLD))
            .flatAs(
                (from, to) -> services(to.family()).map(service -> lab.from(from, to, service)));
    return Arbitraries.frequencyOf(
            Tuple.of(1, within),
            Tuple.of(1, toOverlay),
            Tuple.of(1, fromOverlay),
            Tuple.of(2, in),
            Tuple.of(3, out))
        .withoutEdgeCases();
  }
}
