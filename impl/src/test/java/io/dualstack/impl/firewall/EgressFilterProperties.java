package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The packet filter of security groups against what their rules say. */
class EgressFilterProperties {
  @Provide
  Arbitrary<Packet> packets() {
    return SmallWorld.packets();
  }

  @Provide
  Arbitrary<List<SecurityGroup>> groups() {
    return rules()
        .list()
        .ofMaxSize(4)
        .map(rules -> new SecurityGroup("group", rules, Set.of()))
        .list()
        .ofMaxSize(3)
        .withoutEdgeCases();
  }

  private static Arbitrary<SecurityGroupRule> rules() {
    Arbitrary<Traffic> all = Arbitraries.just(new Traffic.All());
    Arbitrary<Traffic> ports =
        Combinators.combine(
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                SmallWorld.ports()
                    .map(
                        range ->
                            PortRange.of(Math.max(1, range.first()), Math.max(1, range.last())))
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(2))
            .as(Traffic.Ports::new);
    Arbitrary<Traffic> icmp =
        Combinators.combine(
                Arbitraries.of(IpFamily.class),
                Arbitraries.of(-1, 0, 1, 255),
                Arbitraries.of(-1, 0, 255))
            .as(Traffic.Icmp::new);
    return Combinators.combine(
            Arbitraries.oneOf(all, ports, icmp),
            SmallWorld.destinations(IpFamily.IPV4),
            SmallWorld.destinations(IpFamily.IPV6),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of(true, false))
        .as(
            (traffic, ipv4, ipv6, which, log) ->
                new SecurityGroupRule(traffic, some(traffic, ipv4, ipv6, which), log, ""));
  }

  private static IpSet some(Traffic traffic, IpSet ipv4, IpSet ipv6, int which) {
    if (!traffic.runsOver(IpFamily.IPV6)) {
      return ipv4;
    }
    if (!traffic.runsOver(IpFamily.IPV4)) {
      return ipv6;
    }
    return which == 0 ? ipv4 : which == 1 ? ipv6 : ipv4.union(ipv6);
  }

  @Property
  void a_new_connection_passes_iff_a_rule_names_it(
      @ForAll("groups") List<SecurityGroup> groups, @ForAll("packets") Packet packet) {
    RuleSet compiled = EgressFilter.ofGroups(groups);

    assertThat(compiled.verdict(packet) == Verdict.ACCEPT).isEqualTo(isNamed(groups, packet));
    compiled
        .deciding(packet)
        .ifPresent(
            rule -> assertThat(rule.origins().get(0)).startsWith("security group group, rule"));
  }

  @Property
  void replies_pass_and_the_rest_is_as_the_groups_say(
      @ForAll("groups") List<SecurityGroup> groups, @ForAll("packets") Packet packet) {
    Verdict verdict = EgressFilter.whole(groups, true).verdict(packet);

    Protocol protocol = packet.service().protocol();
    if (packet.state() == ConnectionState.ESTABLISHED
        || packet.state() == ConnectionState.RELATED) {
      assertThat(verdict).isEqualTo(Verdict.ACCEPT);
    } else if (packet.state() == ConnectionState.INVALID && protocol.equals(Protocol.TCP)) {
      assertThat(verdict).isEqualTo(Verdict.DROP);
    } else if (packet.family() == IpFamily.IPV6 && packet.destination().isMulticast()) {
      assertThat(verdict).isEqualTo(Verdict.REJECT);
    } else {
      assertThat(verdict == Verdict.ACCEPT).isEqualTo(isNamed(groups, packet));
    }
  }

  @Property
  void of_rules_that_name_a_packet_one_that_logs_counts(
      @ForAll("groups") List<SecurityGroup> groups, @ForAll("packets") Packet packet) {
    boolean logs =
        groups.stream()
            .flatMap(group -> group.rules().stream())
            .anyMatch(rule -> rule.log() && names(rule, packet));

    assertThat(EgressFilter.ofGroups(groups).deciding(packet).map(rule -> rule.log()).orElse(false))
        .isEqualTo(logs);
  }

  @Property
  void without_ipv6_no_rule_of_a_filter_is_about_it(@ForAll("groups") List<SecurityGroup> groups) {
    List<SecurityGroup> none = List.of();

    assertThat(EgressFilter.whole(none, false).rules())
        .allMatch(rule -> rule.match().family() == IpFamily.IPV4);
    assertThat(EgressFilter.whole(groups, true).rules()).containsAll(EssentialIcmpv6.rules());
  }

  private static boolean isNamed(List<SecurityGroup> groups, Packet packet) {
    return groups.stream()
        .flatMap(group -> group.rules().stream())
        .anyMatch(rule -> names(rule, packet));
  }

  /** What a rule means, said in other words than those of the code. */
  private static boolean names(SecurityGroupRule rule, Packet packet) {
    if (!rule.destinations().contains(packet.destination())) {
      return false;
    }
    int detail = packet.service().detail();
    Protocol protocol = packet.service().protocol();
    if (rule.traffic() instanceof Traffic.Ports ports) {
      return protocol.equals(ports.transport())
          && ports.ports().stream().anyMatch(range -> range.contains(detail));
    }
    if (rule.traffic() instanceof Traffic.Icmp icmp) {
      return protocol.isIcmp()
          && packet.family() == icmp.family()
          && (isAny(icmp.type())
              || (icmp.type() == detail >> 8
                  && (isAny(icmp.code()) || icmp.code() == (detail & 255))));
    }
    return true;
  }

  private static boolean isAny(int number) {
    return number == -1 || number == 255;
  }
}
