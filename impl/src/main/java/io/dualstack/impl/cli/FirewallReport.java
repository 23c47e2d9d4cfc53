package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.Difference;
import io.dualstack.impl.firewall.Explanation;
import io.dualstack.impl.firewall.ParityFinding;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Answers about packet filters, for people and for machines. */
final class FirewallReport {
  private static final int MOST_RANGES = 4;

  private FirewallReport() {}

  static void print(Explanation explanation, boolean withSource, OutputOptions output) {
    if (output.isJson()) {
      output.print(json(explanation, withSource));
      return;
    }
    PrintWriter out = output.out();
    Packet packet = explanation.packet();
    out.printf("packet:   %s%n", withSource ? packet : words(packet));
    out.println("verdict:  " + Json.word(explanation.verdict()));
    out.println("because:  " + explanation.reason());
    explanation
        .rule()
        .ifPresent(
            rule -> {
              out.println("matching: " + words(rule.match()));
              out.println("logged:   " + (rule.log() ? "yes" : "no"));
            });
    Table near = new Table("NEAR MISS", "DIFFERS IN", "DESTINATION", "SERVICE");
    explanation.otherServices().forEach(rule -> near(near, rule, "service"));
    explanation.otherDestinations().forEach(rule -> near(near, rule, "destination"));
    if (!near.isEmpty()) {
      out.println();
      near.print(out);
    }
    out.flush();
  }

  private static void near(Table table, FilterRule rule, String condition) {
    table.row(
        String.join("; ", rule.origins()),
        condition,
        some(rule.match().destinations()),
        rule.match().services());
  }

  private static ObjectNode json(Explanation explanation, boolean withSource) {
    ObjectNode node = Json.object();
    node.set("packet", json(explanation.packet(), withSource));
    node.put("verdict", Json.word(explanation.verdict())).put("reason", explanation.reason());
    explanation.rule().ifPresent(rule -> node.set("rule", json(rule)));
    ArrayNode near = node.putArray("near");
    explanation.otherServices().forEach(rule -> near.add(json(rule).put("differs_in", "service")));
    explanation
        .otherDestinations()
        .forEach(rule -> near.add(json(rule).put("differs_in", "destination")));
    return node;
  }

  private static ObjectNode json(FilterRule rule) {
    ObjectNode node = Json.object();
    ArrayNode origins = node.putArray("origins");
    rule.origins().forEach(origins::add);
    return node.put("destination", words(rule.match().destinations()))
        .put("service", rule.match().services().toString())
        .put("log", rule.log());
  }

  static void print(List<Difference> differences, boolean complete, OutputOptions output) {
    if (output.isJson()) {
      ObjectNode node = Json.object().put("equal", differences.isEmpty()).put("complete", complete);
      ArrayNode list = node.putArray("differences");
      for (Difference difference : differences) {
        ObjectNode line =
            list.addObject()
                .put("destination", words(difference.packets().destinations()))
                .put("service", difference.packets().services().toString())
                .put("before", Json.word(difference.before()))
                .put("after", Json.word(difference.after()));
        line.set("packet", json(difference.witness(), false));
      }
      output.print(node);
      return;
    }
    if (differences.isEmpty()) {
      output.out().println("No packet is treated differently.");
      output.out().flush();
      return;
    }
    Table table = new Table("EFFECT", "DESTINATION", "SERVICE", "FOR EXAMPLE");
    for (Difference difference : differences) {
      table.row(
          difference.after() == Verdict.ACCEPT ? "allowed now" : "no longer allowed",
          words(difference.packets().destinations()),
          difference.packets().services(),
          words(difference.witness()));
    }
    table.print(output.out());
    if (!complete) {
      output.out().println();
      output.out().println("There may be more differences: --most shows more.");
      output.out().flush();
    }
  }

  static void printParity(List<ParityFinding> findings, OutputOptions output) {
    if (output.isJson()) {
      ObjectNode node = Json.object().put("equal", findings.isEmpty());
      ArrayNode list = node.putArray("findings");
      for (ParityFinding finding : findings) {
        ObjectNode line =
            list.addObject()
                .put("scope", Json.word(finding.scope()))
                .put("ipv6_is", Json.word(finding.leaning()))
                .put("service", finding.services().toString());
        line.set("ipv4_packet", json(finding.ipv4(), false));
        line.set("ipv6_packet", json(finding.ipv6(), false));
      }
      output.print(node);
      return;
    }
    if (findings.isEmpty()) {
      output.out().println("IPv6 is as strict as IPv4.");
      output.out().flush();
      return;
    }
    Table table = new Table("SCOPE", "IPV6 IS", "SERVICE", "IPV4", "IPV6");
    for (ParityFinding finding : findings) {
      boolean passes4 = finding.leaning() != ParityFinding.Leaning.LOOSER;
      boolean passes6 = finding.leaning() != ParityFinding.Leaning.STRICTER;
      table.row(
          Json.word(finding.scope()).replace('_', '-'),
          switch (finding.leaning()) {
            case LOOSER -> "looser";
            case STRICTER -> "stricter";
            case PARTLY -> "open in parts, as IPv4";
          },
          finding.services(),
          words(finding.ipv4()) + (passes4 ? " passes" : " is refused"),
          words(finding.ipv6()) + (passes6 ? " passes" : " is refused"));
    }
    table.print(output.out());
  }

  private static ObjectNode json(Packet packet, boolean withSource) {
    ObjectNode node = Json.object();
    if (withSource) {
      node.put("source", packet.source().toString());
    }
    node.put("destination", packet.destination().toString())
        .put("protocol", packet.service().protocol().toString());
    if (packet.service().protocol().hasPorts()) {
      node.put("port", packet.service().detail());
    } else if (packet.service().protocol().isIcmp()) {
      node.put("type", packet.service().detail() / 256)
          .put("code", packet.service().detail() % 256);
    }
    return node.put("state", Json.word(packet.state()));
  }

  private static String words(Packet packet) {
    String opening = packet.service() + " to " + packet.destination();
    return packet.state() == ConnectionState.NEW
        ? opening
        : opening + ", " + Json.word(packet.state());
  }

  private static String words(Match match) {
    return match.services() + " to " + some(match.destinations());
  }

  private static String words(IpSet addresses) {
    return addresses.ranges().stream().map(FirewallReport::words).collect(Collectors.joining(","));
  }

  /** So many that a table can be read. */
  private static String some(IpSet addresses) {
    List<IpRange> ranges = addresses.ranges();
    return ranges.size() <= MOST_RANGES
        ? words(addresses)
        : "%s and %d more"
            .formatted(
                words(IpSet.of(ranges.subList(0, MOST_RANGES))), ranges.size() - MOST_RANGES);
  }

  /** A range as the prefix that it is, or as a range where it is none. */
  private static String words(IpRange range) {
    var prefixes = range.isSingle() ? List.of() : range.toPrefixes();
    return prefixes.size() == 1 ? prefixes.get(0).toString() : range.toString();
  }
}
