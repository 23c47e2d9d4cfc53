package io.dualstack.impl.firewall.nftables;

import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.impl.firewall.cell.PacketLog;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one chain. Rules that follow one another and treat packets alike are one line for
 * each kind of service, with sets that hold all they are about.
 */
final class ChainText {
  static final String REJECT = "reject with icmpx port-unreachable";
  private static final Set<ConnectionState> ALL = EnumSet.allOf(ConnectionState.class);

  private final IpFamily family;
  private final String owner;
  private final Contents contents;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> uses = new LinkedHashSet<>();

  /** Writes lines about packets of a family; what they use is put to the contents of an owner. */
  ChainText(IpFamily family, String owner, Contents contents) {
    this.family = family;
    this.owner = owner;
    this.contents = contents;
  }

  static String digit(IpFamily family) {
    return family == IpFamily.IPV4 ? "4" : "6";
  }

  List<String> lines() {
    return lines;
  }

  List<String> uses() {
    return List.copyOf(uses);
  }

  /** What rules must have in common to be told by one look-up. */
  private record Layer(
      IpSet sources,
      Set<ConnectionState> states,
      NumberSet marks,
      Verdict verdict,
      @Nullable PacketLog log) {
    static Layer of(CellRule.Decide rule) {
      Match match = rule.match();
      return new Layer(
          match.sources(), match.states(), match.marks(), rule.rule().verdict(), rule.log());
    }
  }

  /** Writes rules in their order. */
  ChainText rules(List<CellRule> rules) {
    List<Match> matches = new ArrayList<>();
    Layer layer = null;
    for (CellRule rule : rules) {
      Layer next = rule instanceof CellRule.Decide decide ? Layer.of(decide) : null;
      if (layer != null && !layer.equals(next)) {
        write(layer, matches);
        matches.clear();
      }
      layer = next;
      if (rule instanceof CellRule.Limit limit) {
        write(limit);
      } else if (next == null) {
        throw new IllegalArgumentException(rule + ": marks where no chain does");
      } else {
        matches.add(rule.match());
      }
    }
    if (layer != null) {
      write(layer, matches);
    }
    return this;
  }

  private void write(Layer layer, List<Match> matches) {
    String others = states(layer.states()) + marks(layer.marks());
    String from = addresses("saddr", layer.sources());
    if (DestinationMap.isFor(matches)) {
      Definition map = DestinationMap.of(family, matches, services -> asked(layer, services));
      lines.add("%s%s%s daddr vmap @%s".formatted(from, others, protocol(family), use(map)));
      return;
    }
    for (String condition : new ServiceSets(family, this).conditions(matches)) {
      lines.add(from + condition + others + verdict(layer.verdict(), layer.log()));
    }
  }

  /** Makes a chain that treats packets as a layer does if they are of some services. */
  private String asked(Layer layer, ServiceSet services) {
    ChainText text = new ChainText(family, owner, contents);
    Match match = Match.all(family).asking(services);
    for (String condition : new ServiceSets(family, text).conditions(List.of(match))) {
      text.lines.add(condition + text.verdict(layer.verdict(), layer.log()));
    }
    return contents.define(
        Definition.of("chain", "asks" + digit(family), text.lines(), text.uses()));
  }

  private void write(CellRule.Limit rule) {
    ConnectionLimit limit = rule.limit();
    String address = address(family);
    // The name is the container's and not the content's: a count goes on when rules change.
    Definition counts =
        new Definition(
            "set",
            "limit%s_%s".formatted(digit(family), Definition.digest(owner + limit)),
            List.of(
                "type %s . inet_service".formatted(address),
                "size 65535",
                "flags dynamic",
                "timeout %dms".formatted(limit.expiryMillis())),
            List.of());
    lines.add(
        "meta l4proto tcp %supdate @%s { %s daddr . tcp dport limit rate over %d/second burst %d packets } %s"
            .formatted(
                states(rule.match().states()),
                use(counts),
                protocol(family),
                limit.perSecond(),
                limit.burst(),
                above(limit, rule.log())));
  }

  private String above(ConnectionLimit limit, @Nullable PacketLog log) {
    if (log == null) {
      return REJECT;
    }
    return limit.effect().isRejected()
        ? verdict(Verdict.REJECT, log)
        : "jump " + log("dry_run", List.of(limited(log) + line(log)));
  }

  String verdict(Verdict verdict, @Nullable PacketLog log) {
    return switch (verdict) {
      case DROP -> "drop";
      case REJECT ->
          log == null ? REJECT : "goto " + log("deny", List.of(limited(log) + line(log), REJECT));
      case ACCEPT ->
          log == null
              ? "accept"
              : "goto "
                  + log(
                      "ok",
                      List.of(
                          "meta l4proto != udp ct state invalid,new,untracked " + line(log),
                          "meta l4proto udp " + limited(log) + line(log),
                          "accept"));
    };
  }

  /** Each family has chains of its own, as each has rates of its own. */
  private String log(String prefix, List<String> body) {
    return use(Definition.of("chain", prefix + digit(family), body, List.of()));
  }

  private static String limited(PacketLog log) {
    return "limit rate %d/second burst %d packets ".formatted(log.perSecond(), log.perSecond());
  }

  private static String line(PacketLog log) {
    return "log prefix \"%s\"".formatted(log.prefix());
  }

  String use(Definition definition) {
    String name = contents.define(definition);
    uses.add(name);
    return name;
  }

  // Conditions: each ends with a blank, or is empty for all packets

  static String protocol(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }

  /** The type of its addresses. */
  static String address(IpFamily family) {
    return family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
  }

  String addresses(String field, IpSet addresses) {
    if (addresses.equals(IpSet.all(family))) {
      return "";
    }
    List<IpRange> ranges = addresses.ranges();
    String set =
        ranges.size() == 1
            ? range(ranges.get(0))
            : "@"
                + use(
                    Definition.of(
                        "set",
                        "net" + digit(family),
                        List.of(
                            "type " + address(family),
                            "flags interval",
                            ranges.stream()
                                .map(ChainText::range)
                                .collect(Collectors.joining(", ", "elements = { ", " }"))),
                        List.of()));
    return "%s %s %s ".formatted(protocol(family), field, set);
  }

  static String range(IpRange range) {
    return range.isSingle() ? range.first().toString() : range.first() + "-" + range.last();
  }

  private static String states(Set<ConnectionState> states) {
    return states.equals(ALL)
        ? ""
        : states.stream()
            .map(state -> state.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(",", "ct state ", " "));
  }

  private static String marks(NumberSet marks) {
    if (marks.equals(NumberSet.ALL)) {
      return "";
    }
    return marks.equals(NumberSet.of(0).complement())
        ? "meta mark != 0 "
        : marks.ranges().stream()
            .map(NumberSet.Range::toString)
            .collect(Collectors.joining(", ", "meta mark { ", " } "));
  }
}
