package io.dualstack.impl.firewall.iptables;

import static java.util.Objects.requireNonNull;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PortMapping;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.impl.firewall.cell.PacketLog;
import io.dualstack.impl.firewall.cell.Path;
import io.dualstack.impl.firewall.cell.PathRules;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a container has in the tables of one family.
 *
 * @param names the names of its chains
 * @param byTable what it has, table by table
 */
record ContainerTables(ChainNames names, Map<TableName, TableText> byTable) {

  /** Returns what a container has that is there with these rules. */
  static ContainerTables of(CellFirewall cell, ContainerFirewall container, PathRules rules) {
    ContainerTables tables = of(cell, container.endpoint(), rules.family());
    tables.fill(cell, container, rules);
    return tables;
  }

  /** Returns the chains of a container and what leads to them, without the rules in them. */
  static ContainerTables of(CellFirewall cell, ContainerEndpoint endpoint, IpFamily family) {
    ChainNames names = ChainNames.of(endpoint.handle());
    IpAddress address = endpoint.address(family).orElseThrow();
    boolean isIpv6 = family == IpFamily.IPV6;
    TableText filter = new TableText();
    filter.chain(names.input());
    // By IPv6 the source may be link-local, so the device tells the container.
    filter.entry(
        "INPUT",
        names.input(),
        (isIpv6 ? "-i " + endpoint.device() : "-s " + address) + " --jump " + names.input(),
        isIpv6);
    if (isIpv6) {
      // Each entry is put before those that are there, and what leaves must be met first.
      overlay(filter, names, true);
      netout(filter, names, cell, address, true);
    } else {
      netout(filter, names, cell, address, false);
      overlay(filter, names, false);
    }
    filter.chain(names.log());
    ConnectionLimit limit = cell.limit();
    if (limit != null && limit.effect().isLogged()) {
      filter.chain(names.limitLog());
    }
    filter.chain(names.groups());
    Map<TableName, TableText> byTable = new EnumMap<>(TableName.class);
    byTable.put(TableName.FILTER, filter);
    if (!isIpv6) {
      TableText nat = new TableText().chain(names.netin());
      nat.entry("PREROUTING", names.netin(), "--jump " + names.netin(), false);
      nat.entry("POSTROUTING", "", masquerade(cell, address), false);
      byTable.put(TableName.NAT, nat);
      TableText mangle = new TableText().chain(names.netin());
      mangle.entry("PREROUTING", names.netin(), "--jump " + names.netin(), false);
      byTable.put(TableName.MANGLE, mangle);
    }
    return new ContainerTables(names, byTable);
  }

  private static void netout(
      TableText filter, ChainNames names, CellFirewall cell, IpAddress address, boolean isFirst) {
    filter.chain(names.netout());
    for (String device : cell.underlay()) {
      filter.entry(
          "FORWARD",
          names.netout(),
          "-s %s -o %s --jump %s".formatted(address, device, names.netout()),
          isFirst);
    }
  }

  private static void overlay(TableText filter, ChainNames names, boolean isFirst) {
    filter.chain(names.overlay());
    filter.entry("FORWARD", names.overlay(), "--jump " + names.overlay(), isFirst);
  }

  private static String masquerade(CellFirewall cell, IpAddress address) {
    String kept =
        cell.unmasqueraded() == null ? "" : "! --destination %s ".formatted(cell.unmasqueraded());
    return "--source %s ! -o %s %s--jump MASQUERADE".formatted(address, cell.overlay(), kept);
  }

  TableText filter() {
    return table(TableName.FILTER);
  }

  /** Returns the part of it that is in the filter table. */
  ContainerTables ofFilter() {
    return new ContainerTables(names, Map.of(TableName.FILTER, filter()));
  }

  private TableText table(TableName name) {
    return requireNonNull(byTable.get(name), "table");
  }

  /** Returns the chains that hold what the container may reach. */
  List<String> egressChains() {
    return filter().chains().stream()
        .filter(chain -> !chain.equals(names.input()) && !chain.equals(names.overlay()))
        .toList();
  }

  private void fill(CellFirewall cell, ContainerFirewall container, PathRules rules) {
    for (CellRule rule : rules.of(Path.TO_HOST)) {
      filter().rules(names.input(), RuleText.input((CellRule.Decide) rule));
    }
    fillEgress(cell, container.endpoint().handle(), rules);
    List<String> underlay = cell.underlay().stream().map(device -> "-i " + device + " ").toList();
    forward(rules, Path.TO_OVERLAY, List.of("-o " + cell.overlay() + " "));
    forward(rules, Path.FROM_UNDERLAY, underlay);
    forward(rules, Path.TO_CONTAINER, List.of(""));
    forward(rules, Path.ELSEWHERE, List.of(""));
    if (rules.family() == IpFamily.IPV4) {
      container.mappings().forEach(mapping -> map(cell, container.endpoint().ipv4(), mapping));
    }
  }

  private void forward(PathRules rules, Path path, List<String> devices) {
    for (CellRule rule : rules.of(path)) {
      filter().rules(names.overlay(), RuleText.forward((CellRule.Decide) rule, devices));
    }
  }

  /**
   * Groups, denied networks and limits go to a chain of their own, which agents replace as a whole;
   * what no group lets through is behind it.
   */
  private void fillEgress(CellFirewall cell, String handle, PathRules rules) {
    List<CellRule> egress = new ArrayList<>(rules.of(Path.EGRESS));
    CellRule.Decide last = (CellRule.Decide) egress.remove(egress.size() - 1);
    for (CellRule rule : egress) {
      filter()
          .rules(
              names.groups(),
              rule instanceof CellRule.Limit limit
                  ? List.of(RuleText.egress(limit, names, handle))
                  : RuleText.egress((CellRule.Decide) rule, names));
      if (rule instanceof CellRule.Limit limit && limit.log() != null) {
        filter().rules(names.limitLog(), limitLog(limit, limit.log(), rules.family()));
      }
    }
    filter().rules(names.netout(), List.of("-j " + names.groups()));
    PacketLog denied = last.log();
    if (denied != null) {
      filter()
          .rules(
              names.netout(), List.of(RuleText.limited(denied.perSecond()) + RuleText.log(denied)));
    }
    filter().rules(names.netout(), List.of(RuleText.reject(rules.family())));
    PacketLog accepted = PacketLog.of("OK_" + handle, cell.logging().acceptedUdpPerSecond());
    filter()
        .rules(
            names.log(),
            List.of(
                "! -p udp " + RuleText.OPENINGS + RuleText.log("-j", accepted),
                "-p udp " + RuleText.limited(accepted.perSecond()) + RuleText.log("-j", accepted),
                "--jump ACCEPT"));
  }

  private static List<String> limitLog(CellRule.Limit limit, PacketLog log, IpFamily family) {
    String logging = RuleText.limited(log.perSecond()) + RuleText.log(log);
    return limit.limit().effect().isRejected()
        ? List.of(logging, RuleText.reject(family))
        : List.of(logging);
  }

  private void map(CellFirewall cell, IpAddress address, PortMapping mapping) {
    String to =
        "-d %s -p tcp -m tcp --dport %d --jump ".formatted(cell.address(), mapping.hostPort());
    table(TableName.NAT)
        .rules(
            names.netin(),
            List.of(
                "%sDNAT --to-destination %s:%d".formatted(to, address, mapping.containerPort())));
    table(TableName.MANGLE)
        .rules(
            names.netin(),
            cell.underlay().stream()
                .map(
                    device ->
                        "-i %s %sMARK --set-mark 0x%x".formatted(device, to, cell.ingressMark()))
                .toList());
  }
}
