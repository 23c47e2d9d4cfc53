package io.dualstack.impl.firewall.iptables;

import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.impl.firewall.EssentialIcmpv6;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.impl.firewall.cell.PacketLog;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules of the model as arguments of iptables. Words and order are those that cells' rules have
 * always had, which differ from chain to chain.
 *
 * <p>What a rule asks for and can't be said here is an error, never left out.
 */
final class RuleText {
  private static final Set<ConnectionState> ALL = EnumSet.allOf(ConnectionState.class);

  /** In the order in which rules have always named them. */
  private static final List<ConnectionState> STATES =
      List.of(
          ConnectionState.INVALID,
          ConnectionState.NEW,
          ConnectionState.UNTRACKED,
          ConnectionState.RELATED,
          ConnectionState.ESTABLISHED);

  /** Of packets that pass, those whose log has a line for each. */
  static final String OPENINGS = "-m conntrack --ctstate INVALID,NEW,UNTRACKED ";

  private final Match match;
  private final IpFamily family;

  private RuleText(Match match) {
    this.match = match;
    this.family = match.family();
  }

  /** Returns what rejects by default in a family. */
  static String reject(IpFamily family) {
    return "--jump REJECT --reject-with "
        + (family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable");
  }

  static String limited(int perSecond) {
    return "-m limit --limit %d/s --limit-burst %d ".formatted(perSecond, perSecond);
  }

  static String log(PacketLog log) {
    return log("--jump", log);
  }

  static String log(String jump, PacketLog log) {
    return "%s LOG --log-prefix \"%s\"".formatted(jump, log.prefix());
  }

  // What a container asks of its cell

  /** Returns the rules of an input chain that say one rule. */
  static List<String> input(CellRule.Decide rule) {
    RuleText text = new RuleText(rule.match());
    text.expectUnmarked();
    String hops =
        rule.origins().equals(EssentialIcmpv6.neighborDiscovery().origins())
            ? "-m hl --hl-eq 255 "
            : "";
    List<String> lines = new ArrayList<>();
    for (String destination : text.addresses("-d", text.match.destinations())) {
      for (ServiceArguments service : text.services()) {
        lines.add(
            service.protocolArgument()
                + destination
                + (service.hasPorts() ? "--destination-port " + service.portOrPorts() + " " : "")
                + text.states()
                + service.icmpArguments()
                + hops
                + text.verdict(rule, "--jump"));
      }
    }
    return lines;
  }

  // What a container asks of the world

  /** Returns the rules of a container's groups that say one rule; its source is the chain's. */
  static List<String> egress(CellRule.Decide rule, ChainNames names) {
    RuleText text = new RuleText(rule.match());
    text.expectUnmarked();
    boolean isGroups = EgressFilter.isOfGroups(rule.rule());
    String verdict =
        rule.log() != null ? "-g " + names.log() : text.verdict(rule, isGroups ? "--jump" : "-j");
    return isGroups
        ? text.groups(verdict)
        : text.addresses("-d", text.match.destinations()).stream()
            .flatMap(
                to ->
                    text.services().stream()
                        .map(
                            service ->
                                service.protocolArgument()
                                    + to
                                    + text.states()
                                    + service.icmpArguments()
                                    + verdict))
            .toList();
  }

  private List<String> groups(String verdict) {
    List<String> lines = new ArrayList<>();
    for (IpRange range : match.destinations().ranges()) {
      for (ServiceArguments service : services()) {
        String ports =
            service.hasPorts()
                ? "-m %s --destination-port %s ".formatted(service.protocol(), service.ports())
                : "";
        // IPv4 has a word for any type; ip6tables would take it for type 255.
        String icmp =
            service.protocol().equals("icmp") && service.icmp().isEmpty()
                ? "-m icmp --icmp-type 255/255 "
                : service.icmpArguments();
        lines.add(
            "-m iprange %s--dst-range %s-%s %s%s%s"
                .formatted(
                    service.protocolArgument(), range.first(), range.last(), ports, icmp, verdict));
      }
    }
    return lines;
  }

  /** Returns the rule that holds a container to a limit. */
  static String egress(CellRule.Limit rule, ChainNames names, String handle) {
    ConnectionLimit limit = rule.limit();
    return ("-p tcp -m conntrack --ctstate NEW -m hashlimit --hashlimit-above %d/sec"
            + " --hashlimit-burst %d --hashlimit-mode dstip,dstport --hashlimit-name %s"
            + " --hashlimit-htable-expire %d -j %s")
        .formatted(
            limit.perSecond(),
            limit.burst(),
            handle,
            limit.expiryMillis(),
            rule.log() != null ? names.limitLog() : "REJECT");
  }

  // What is forwarded

  /**
   * Returns the rules that say one rule about forwarded packets, after one that logs if it is
   * logged.
   *
   * @param devices arguments that name the devices of its path
   */
  static List<String> forward(CellRule.Decide rule, List<String> devices) {
    RuleText text = new RuleText(rule.match());
    List<String> lines = new ArrayList<>();
    PacketLog log = rule.log();
    for (String device : devices) {
      for (String condition : text.forwarded(device)) {
        if (log != null) {
          lines.add(condition + limited(log.perSecond()) + log(log));
        }
        lines.add(condition + text.verdict(rule, "--jump"));
      }
    }
    return lines;
  }

  private List<String> forwarded(String device) {
    List<String> conditions = new ArrayList<>();
    for (String from : addresses("-s", match.sources())) {
      for (String to : addresses("-d", match.destinations())) {
        for (ServiceArguments service : services()) {
          String ports =
              service.hasPorts()
                  ? "-m %s --dport %s ".formatted(service.protocol(), service.portOrPorts())
                  : "";
          conditions.add(
              from
                  + to
                  + device
                  + service.protocolArgument()
                  + ports
                  + states()
                  + service.icmpArguments()
                  + marks());
        }
      }
    }
    return conditions;
  }

  /** Returns the rules that say one rule of policies. */
  static List<String> policy(CellRule rule) {
    if (rule instanceof CellRule.Mark mark) {
      return List.of(
          "--source %s--jump MARK --set-xmark 0x%04X -m comment --comment %s"
              .formatted(one(mark.match().sources()), mark.mark(), mark.origins().get(0)));
    }
    CellRule.Decide decide = (CellRule.Decide) rule;
    String origin = decide.origins().get(0);
    if (!origin.startsWith("src:")) {
      return forward(decide, List.of(""));
    }
    RuleText text = new RuleText(decide.match());
    ServiceArguments service = text.services().get(0);
    String condition =
        "-d %s-p %s --dport %s %s"
            .formatted(
                one(text.match.destinations()), service.protocol(), service.ports(), text.marks());
    PacketLog log = decide.log();
    String accept = condition + "--jump ACCEPT -m comment --comment " + origin;
    return log == null
        ? List.of(accept)
        : List.of(
            condition
                + (service.protocol().equals("udp") ? limited(log.perSecond()) : OPENINGS)
                + log(log),
            accept);
  }

  private static String one(IpSet addresses) {
    return addresses.ranges().get(0).first() + " ";
  }

  // Conditions

  /** Returns a condition for each range, or one empty condition for all addresses. */
  private List<String> addresses(String option, IpSet addresses) {
    return addresses.equals(IpSet.all(family))
        ? List.of("")
        : addresses.ranges().stream().map(range -> condition(option, range)).toList();
  }

  private static String condition(String option, IpRange range) {
    List<IpPrefix> prefixes = range.toPrefixes();
    return prefixes.size() == 1
        ? "%s %s ".formatted(option, text(prefixes.get(0)))
        : "-m iprange %s %s-%s "
            .formatted(
                option.equals("-s") ? "--src-range" : "--dst-range", range.first(), range.last());
  }

  private static String text(IpPrefix prefix) {
    return prefix.isSingle() ? prefix.first().toString() : prefix.toString();
  }

  private List<ServiceArguments> services() {
    return ServiceArguments.of(match.services(), family);
  }

  private String states() {
    return match.states().equals(ALL)
        ? ""
        : STATES.stream()
            .filter(match.states()::contains)
            .map(ConnectionState::name)
            .collect(Collectors.joining(",", "-m state --state ", " "));
  }

  private String marks() {
    NumberSet marks = match.marks();
    if (marks.equals(NumberSet.ALL)) {
      return "";
    }
    if (marks.equals(NumberSet.of(0).complement())) {
      return "-m mark ! --mark 0x0 ";
    }
    NumberSet.Range range = marks.ranges().get(0);
    if (marks.ranges().size() > 1 || range.first() != range.last()) {
      throw new IllegalArgumentException(marks + ": are marks that no rule can ask for");
    }
    return "-m mark --mark 0x%s "
        .formatted(
            range.first() <= 0xffff
                ? "%04X".formatted(range.first())
                : Long.toHexString(range.first()));
  }

  private void expectUnmarked() {
    if (!match.marks().equals(NumberSet.ALL)) {
      throw new IllegalArgumentException(match + ": asks for marks where no chain does");
    }
  }

  private String verdict(CellRule.Decide rule, String jump) {
    return switch (rule.rule().verdict()) {
      case ACCEPT -> jump + " ACCEPT";
      case DROP -> jump + " DROP";
      case REJECT -> reject(family);
    };
  }
}
