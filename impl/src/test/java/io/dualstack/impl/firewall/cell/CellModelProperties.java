package io.dualstack.impl.firewall.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The model of a cell against what it promises, said in other words than those of the code. */
class CellModelProperties {
  private static final Set<ConnectionState> KNOWN =
      Set.of(ConnectionState.ESTABLISHED, ConnectionState.RELATED);

  private static final PolicyRules POLICIES =
      new PolicyRules(
          List.of(),
          List.of(new PolicyRules.Source("app-a", CellWorld.A.ipv4(), 1)),
          List.of(
              new PolicyRules.Allowed(
                  "app-a", "app-b", CellWorld.B.ipv4(), Protocol.TCP, PortRange.single(8080), 1)),
          false);

  @Provide
  Arbitrary<Passage> passages() {
    return CellWorld.passages();
  }

  @Provide
  Arbitrary<List<SecurityGroup>> groups() {
    return CellWorld.groups();
  }

  private static CellFilter filter(CellFirewall cell, List<SecurityGroup> groups) {
    return new CellFilter(
        new CellModel(cell),
        List.of(CellWorld.container(CellWorld.A, groups), CellWorld.container(CellWorld.B, groups)),
        POLICIES);
  }

  private static boolean passes(CellFilter filter, Passage passage) {
    return filter.outcome(passage).verdict() == Verdict.ACCEPT;
  }

  private static boolean isEssential(Packet packet) {
    Service service = packet.service();
    int type = service.detail() >> 8;
    return service.protocol().equals(Protocol.ICMPV6)
        && (type == 2
            || ((type == 135 || type == 136) && packet.state() == ConnectionState.UNTRACKED));
  }

  private static boolean isOf(ContainerEndpoint container, IpAddress address) {
    return container.address(address.family()).orElseThrow().equals(address);
  }

  private static boolean isContainer(IpAddress address) {
    return isOf(CellWorld.A, address) || isOf(CellWorld.B, address);
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void without_ipv6_there_is_no_rule_about_it(@ForAll("groups") List<SecurityGroup> groups) {
    CellModel off = new CellModel(CellWorld.CELL.withIpv6(null));
    ContainerFirewall container = CellWorld.container(CellWorld.A, groups);
    ContainerEndpoint old =
        new ContainerEndpoint("h", CellWorld.A.device(), CellWorld.A.ipv4(), null);

    assertThat(off.rules(container)).extracting(PathRules::family).containsExactly(IpFamily.IPV4);
    assertThat(off.closed()).isEmpty();
    assertThat(new CellModel(CellWorld.CELL).rules(CellWorld.container(old, groups)))
        .extracting(PathRules::family)
        .containsExactly(IpFamily.IPV4);
    assertThat(off.rules(container)).allSatisfy(CellModelProperties::is_of_its_family);
    assertThat(off.rules(container).get(0))
        .isEqualTo(new CellModel(CellWorld.CELL).rules(container, IpFamily.IPV4).orElseThrow());
  }

  private static void is_of_its_family(PathRules rules) {
    assertThat(rules.paths().values().stream().flatMap(List::stream))
        .allMatch(rule -> rule.match().family() == rules.family());
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void nothing_unsolicited_reaches_a_container_by_ipv6_but_the_platform_to_declared_ports(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(packet.family() == IpFamily.IPV6 && isContainer(packet.destination()));
    Assume.that(!KNOWN.contains(packet.state()) && !isEssential(packet));

    boolean isPlatform =
        CellWorld.set("2001:db8:ff::/64").contains(packet.source())
            || packet.source().equals(IpAddress.parse("2001:db8:c:3::1"));
    boolean isDeclared = packet.service().equals(Service.port(Protocol.TCP, 8080));

    assertThat(passes(filter(CellWorld.CELL, groups), passage))
        .isEqualTo(isPlatform && isDeclared && passage.in().equals(CellWorld.UNDERLAY));
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void nothing_unsolicited_reaches_a_container_by_ipv4_but_by_mapped_ports_and_policies(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(packet.family() == IpFamily.IPV4 && isContainer(packet.destination()));
    Assume.that(!KNOWN.contains(packet.state()));

    long mark = isOf(CellWorld.A, packet.source()) ? 1 : packet.mark();
    boolean isAllowed =
        isOf(CellWorld.B, packet.destination())
            && mark == 1
            && packet.service().equals(Service.port(Protocol.TCP, 8080));

    assertThat(passes(filter(CellWorld.CELL, groups), passage))
        .isEqualTo(isAllowed || mark == CellFirewall.INGRESS_MARK);
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void essential_icmpv6_and_answers_pass_everywhere(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    boolean isKnown =
        KNOWN.contains(packet.state())
            && Stream.of(packet.source(), packet.destination())
                .noneMatch(each -> CellWorld.OWN.contains(each) && !isContainer(each));
    Assume.that(isEssential(packet) || isKnown);

    assertThat(passes(filter(CellWorld.CELL, groups), passage)).isTrue();
  }

  @Property(tries = 2000, maxDiscardRatio = 50)
  void a_container_reaches_outside_what_its_groups_name_and_nobody_denies(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(isContainer(packet.source()) && passage.out().equals(CellWorld.UNDERLAY));
    Assume.that(packet.state() == ConnectionState.NEW && !isEssential(packet));

    boolean isDenied =
        Stream.of("192.0.2.0/28", "2001:db8:9::/64", "198.51.100.1/32", "fe80::/10", "ff00::/8")
            .anyMatch(each -> IpPrefix.parse(each).contains(packet.destination()));
    boolean isNamed = EgressFilter.ofGroups(groups).verdict(packet) == Verdict.ACCEPT;

    assertThat(passes(filter(CellWorld.CELL, groups), passage)).isEqualTo(isNamed && !isDenied);
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void a_container_asks_its_cell_for_dns_and_host_services_alone(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(isContainer(packet.source()) && passage.out().isEmpty());
    Assume.that(!KNOWN.contains(packet.state()) && !isEssential(packet));

    String asked = packet.service() + " " + packet.destination();

    assertThat(passes(filter(CellWorld.CELL, groups), passage))
        .isEqualTo(
            Set.of(
                    "tcp/53 169.254.0.2",
                    "udp/53 169.254.0.2",
                    "tcp/8080 169.254.0.3",
                    "tcp/53 fe80::1",
                    "udp/53 fe80::1",
                    "udp/8080 2001:db8:ff::1")
                .contains(asked));
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void by_ipv6_a_container_gets_nowhere_new_but_out_of_the_underlay(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(CellWorld.OWN.contains(packet.source()));
    Assume.that(!KNOWN.contains(packet.state()) && !isEssential(packet));
    Assume.that(!passage.out().equals(CellWorld.UNDERLAY) && !passage.out().isEmpty());

    assertThat(passes(filter(CellWorld.CELL, groups), passage)).isFalse();
  }

  @Property(tries = 500, maxDiscardRatio = 50)
  void what_is_no_container_s_is_left_alone(
      @ForAll("passages") Passage passage, @ForAll("groups") List<SecurityGroup> groups) {
    Packet packet = passage.packet();
    Assume.that(!isContainer(packet.source()) && !isContainer(packet.destination()));
    Assume.that(!CellWorld.OWN.contains(packet.source()));
    Assume.that(packet.family() == IpFamily.IPV4 || !CellWorld.OWN.contains(packet.destination()));

    assertThat(filter(CellWorld.CELL, groups).outcome(passage))
        .isEqualTo(new CellFilter.Outcome(Verdict.ACCEPT, null, packet.mark()));
  }
}
