package io.dualstack.impl.firewall;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Few addresses, ports, states and marks at the edges of what there is, so that what is generated
 * meets (all of it is an edge case, so none are added); and a grid of packets that has one on
 * either side of every boundary there can be.
 */
final class SmallWorld {
  private static final int MANY = 4;
  private static final List<Integer> PORTS = List.of(0, 1, 2, 3, 65534, 65535);
  private static final List<Long> MARKS = List.of(0L, 1L, 2L, NumberSet.MAX - 1, NumberSet.MAX);

  private SmallWorld() {}

  /** The first and the last addresses of a family. */
  static List<IpAddress> addresses(IpFamily family) {
    List<IpAddress> addresses = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      addresses.add(family.first().plus(i));
    }
    addresses.add(family.last().plus(-1));
    addresses.add(family.last());
    return addresses;
  }

  static List<Service> services(IpFamily family) {
    Protocol icmp = Protocol.icmpOf(family);
    return Stream.concat(
            Stream.of(Protocol.TCP, Protocol.UDP)
                .flatMap(each -> PORTS.stream().map(port -> Service.port(each, port))),
            Stream.of(
                Service.icmp(icmp, 0, 0),
                Service.icmp(icmp, 0, 255),
                Service.icmp(icmp, 1, 0),
                Service.icmp(icmp, 255, 255),
                new Service(Protocol.GRE, 0),
                new Service(Protocol.of(255), 0),
                new Service(Protocol.of(0), 0)))
        .toList();
  }

  static Stream<Packet> grid() {
    return Stream.of(IpFamily.values())
        .flatMap(
            family ->
                addresses(family).stream()
                    .flatMap(
                        to ->
                            Stream.of(family.first(), family.last())
                                .flatMap(from -> packets(from, to))));
  }

  private static Stream<Packet> packets(IpAddress from, IpAddress to) {
    return services(to.family()).stream()
        .flatMap(
            service ->
                Stream.of(ConnectionState.values())
                    .flatMap(
                        state ->
                            Stream.of(0L, 1L, NumberSet.MAX)
                                .map(mark -> new Packet(from, to, service, state, mark))));
  }

  static Arbitrary<Packet> packets() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(
            family ->
                Combinators.combine(
                        Arbitraries.of(addresses(family)),
                        Arbitraries.of(addresses(family)),
                        Arbitraries.of(services(family)),
                        Arbitraries.of(ConnectionState.class),
                        Arbitraries.of(MARKS))
                    .as(Packet::new))
        .withoutEdgeCases();
  }

  static Arbitrary<IpSet> destinations(IpFamily family) {
    List<IpAddress> there = addresses(family);
    Arbitrary<Integer> index = Arbitraries.integers().between(0, there.size() - 1);
    Arbitrary<IpRange> range =
        Combinators.combine(index, index)
            .as(
                (one, other) ->
                    IpRange.of(there.get(Math.min(one, other)), there.get(Math.max(one, other))));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, range.list().ofMinSize(1).ofMaxSize(2).map(IpSet::of)),
        net.jqwik.api.Tuple.of(1, Arbitraries.just(IpSet.all(family))));
  }

  private static Arbitrary<IpSet> sources(IpFamily family) {
    return Arbitraries.of(
        IpSet.all(family),
        IpSet.all(family),
        IpSet.of(IpRange.single(family.first())),
        IpSet.all(family).subtract(IpSet.of(IpRange.single(family.first()))));
  }

  static Arbitrary<PortRange> ports() {
    return Combinators.combine(Arbitraries.of(PORTS), Arbitraries.of(PORTS))
        .as((one, other) -> PortRange.of(Math.min(one, other), Math.max(one, other)));
  }

  private static Arbitrary<ServiceSet> serviceSets(IpFamily family) {
    Protocol icmp = Protocol.icmpOf(family);
    return Arbitraries.oneOf(
        Arbitraries.of(
            ServiceSet.ALL,
            ServiceSet.of(Protocol.TCP),
            ServiceSet.of(Protocol.GRE),
            ServiceSet.of(Protocol.of(255)),
            ServiceSet.icmp(icmp, 0, -1),
            ServiceSet.icmp(icmp, -1, 0),
            ServiceSet.icmp(icmp, 255, 255)),
        Combinators.combine(
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                ports().list().ofMinSize(1).ofMaxSize(2))
            .as(ServiceSet::ports));
  }

  static Arbitrary<Match> matches() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(
            family ->
                Combinators.combine(
                        sources(family),
                        destinations(family),
                        serviceSets(family),
                        Arbitraries.of(
                            EnumSet.allOf(ConnectionState.class),
                            EnumSet.of(ConnectionState.NEW),
                            EnumSet.of(ConnectionState.ESTABLISHED, ConnectionState.RELATED),
                            EnumSet.of(ConnectionState.NEW, ConnectionState.INVALID)),
                        Arbitraries.of(
                            NumberSet.ALL,
                            NumberSet.ALL,
                            NumberSet.of(0),
                            NumberSet.of(1, NumberSet.MAX)))
                    .as(
                        (from, to, services, states, marks) ->
                            new Match(family, from, to, services, states, marks)))
        .withoutEdgeCases();
  }

  static Arbitrary<RuleSet> ruleSets() {
    Arbitrary<FilterRule> rules =
        Combinators.combine(matches(), Arbitraries.of(Verdict.class))
            .as((match, verdict) -> new FilterRule(List.of("a rule"), match, verdict, false));
    return Combinators.combine(rules.list().ofMaxSize(6), Arbitraries.of(Verdict.class))
        .as(RuleSet::new)
        .withoutEdgeCases();
  }
}
