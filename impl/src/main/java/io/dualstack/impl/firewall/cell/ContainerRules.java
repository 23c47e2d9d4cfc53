package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.impl.firewall.EssentialIcmpv6;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of one container in one family. */
final class ContainerRules {
  private final CellFirewall cell;
  private final ContainerFirewall container;
  private final String handle;
  private final IpFamily family;
  private final Match from;
  private final Match to;

  ContainerRules(
      CellFirewall cell, ContainerFirewall container, IpFamily family, IpAddress address) {
    this.cell = cell;
    this.container = container;
    this.handle = container.endpoint().handle();
    this.family = family;
    this.from = Match.all(family).from(IpSet.of(IpRange.single(address)));
    this.to = Match.all(family).to(IpSet.of(IpRange.single(address)));
  }

  PathRules all() {
    Map<Path, List<CellRule>> paths = new EnumMap<>(Path.class);
    paths.put(Path.TO_HOST, toHost());
    paths.put(Path.EGRESS, egress());
    paths.put(Path.TO_OVERLAY, toOverlay());
    paths.put(Path.FROM_UNDERLAY, fromUnderlay());
    paths.put(Path.TO_CONTAINER, toContainer());
    paths.put(Path.ELSEWHERE, elsewhere());
    return new PathRules(family, paths);
  }

  private List<CellRule> toHost() {
    // By IPv6 whatever source: the path is told by its device.
    Match all = family == IpFamily.IPV4 ? from : Match.all(family);
    List<CellRule> rules = known(all);
    for (IpAddress server : cell.dnsServers()) {
      if (server.family() == family && server.isLinkLocal()) {
        for (Protocol transport : List.of(Protocol.TCP, Protocol.UDP)) {
          rules.add(accept("DNS server " + server, at(all, server, Service.port(transport, 53))));
        }
      }
    }
    for (Protocol transport : List.of(Protocol.TCP, Protocol.UDP)) {
      for (HostService service : cell.hostServices()) {
        IpAddress address = service.endpoint().address();
        if (service.transport().equals(transport) && address.family() == family) {
          rules.add(
              accept(
                  "host service %s over %s".formatted(service.endpoint(), transport),
                  at(all, address, Service.port(transport, service.endpoint().port()))));
        }
      }
    }
    rules.add(reject("what containers may not ask of their cell", all, null));
    return rules;
  }

  private static Match at(Match all, IpAddress address, Service service) {
    return all.to(IpSet.of(IpRange.single(address)))
        .asking(ServiceSet.ports(service.protocol(), List.of(PortRange.single(service.detail()))));
  }

  /** What goes on whatever else: answers, and what IPv6 can't do without. */
  private List<CellRule> known(Match all) {
    List<CellRule> rules = new ArrayList<>();
    rules.add(CellModel.within(all, EgressFilter.answers(family)));
    if (family == IpFamily.IPV6) {
      EssentialIcmpv6.rules().forEach(rule -> rules.add(CellModel.within(all, rule)));
    }
    return rules;
  }

  private List<CellRule> egress() {
    List<CellRule> rules = new ArrayList<>();
    for (FilterRule rule : EgressFilter.beforeGroups(family)) {
      rules.add(CellModel.within(from, rule));
    }
    ConnectionLimit limit = cell.limit();
    if (limit != null) {
      rules.add(
          // After answers and invalid ones, as a connection counts once, and before denied ones.
          new CellRule.Limit(
              List.of("connections above the limit"),
              from.asking(ServiceSet.of(Protocol.TCP)).in(EnumSet.of(ConnectionState.NEW)),
              limit,
              limit.effect().isLogged() ? denied("DENY_ORL_") : null));
    }
    for (IpPrefix network : denied()) {
      rules.add(reject("denied network " + network, from.to(IpSet.of(IpRange.of(network))), null));
    }
    PacketLog accepted = PacketLog.of("OK_" + handle, cell.logging().acceptedUdpPerSecond());
    for (FilterRule rule : EgressFilter.ofGroups(container.groups()).rules()) {
      if (rule.match().family() == family) {
        boolean logs = rule.log() || cell.logging().egress();
        rules.add(
            CellRule.Decide.of(
                new FilterRule(
                    rule.origins(),
                    from.intersect(rule.match()).orElseThrow(),
                    rule.verdict(),
                    logs),
                logs ? accepted : null));
      }
    }
    rules.add(
        reject(
            "what no security group lets through",
            from,
            cell.logging().egress() ? denied("DENY_") : null));
    return rules;
  }

  /** The last first, as each is put before those already there. */
  private List<IpPrefix> denied() {
    List<IpPrefix> networks = new ArrayList<>(cell.deny().always());
    container.workload().lifecycle().map(cell.deny()::of).ifPresent(networks::addAll);
    networks.removeIf(network -> network.family() != family);
    Collections.reverse(networks);
    return networks;
  }

  private List<CellRule> toOverlay() {
    return family == IpFamily.IPV4
        ? List.of(
            accept(
                "an application that a policy names", from.marked(NumberSet.of(1, NumberSet.MAX))))
        : List.of();
  }

  private List<CellRule> fromUnderlay() {
    Ipv6Firewall ipv6 = cell.ipv6();
    if (family == IpFamily.IPV4
        || ipv6 == null
        || ipv6.callers().isEmpty()
        || container.ports().isEmpty()) {
      return List.of();
    }
    return List.of(
        accept(
            "the platform, to ports that the container declares",
            to.from(ipv6.callers())
                .asking(
                    ServiceSet.ports(
                        Protocol.TCP,
                        container.ports().stream().map(PortRange::single).toList()))));
  }

  private List<CellRule> toContainer() {
    List<CellRule> rules = known(to);
    if (family == IpFamily.IPV4) {
      rules.add(accept("a mapped port", to.marked(NumberSet.of(cell.ingressMark()))));
    }
    rules.add(
        reject(
            "what nobody lets to the container",
            to,
            cell.logging().containerToContainer() ? denied("DENY_C2C_") : null));
    return rules;
  }

  private List<CellRule> elsewhere() {
    if (family == IpFamily.IPV4) {
      return List.of();
    }
    List<CellRule> rules = known(from);
    rules.add(reject("out of a device that leads nowhere for containers", from, null));
    return rules;
  }

  private PacketLog denied(String word) {
    return PacketLog.of(word + handle, cell.logging().deniedPerSecond());
  }

  private static CellRule accept(String origin, Match match) {
    return CellRule.Decide.quietly(new FilterRule(List.of(origin), match, Verdict.ACCEPT, false));
  }

  private static CellRule reject(String origin, Match match, @Nullable PacketLog log) {
    return CellRule.Decide.of(
        new FilterRule(List.of(origin), match, Verdict.REJECT, log != null), log);
  }
}
