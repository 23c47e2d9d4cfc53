package io.dualstack.impl.firewall.nftables;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.impl.firewall.cell.CellRule;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Container-to-container policies: open networks, then a look-up of the mark that a source gives,
 * then one of what that mark may reach.
 */
final class PolicyChain {
  private static final IpFamily FAMILY = IpFamily.IPV4;

  private final ChainText chain;

  /** What the elements of {@link #allowed} lead to. */
  private final ChainText verdicts;

  private final List<String> sources = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();

  /** What was allowed before, and is no more to be asked for. */
  private final Map<Key, ServiceSet> told = new LinkedHashMap<>();

  /** Who reaches whom; of several rules about them the first decides about a port. */
  private record Key(IpAddress destination, long mark) {}

  private PolicyChain(Contents contents) {
    this.chain = new ChainText(FAMILY, "", contents);
    this.verdicts = new ChainText(FAMILY, "", contents);
  }

  static Definition of(List<CellRule> rules, Contents contents) {
    PolicyChain policies = new PolicyChain(contents);
    List<CellRule> open = new ArrayList<>();
    for (CellRule rule : rules) {
      if (rule instanceof CellRule.Mark mark) {
        policies.sources.add("%s : %d".formatted(single(mark.match().sources()), mark.mark()));
      } else if (rule instanceof CellRule.Decide decide && !isMarked(decide)) {
        open.add(decide);
      } else if (rule instanceof CellRule.Decide decide) {
        policies.allow(decide);
      } else {
        throw new IllegalArgumentException(rule + ": limits what no limit is for");
      }
    }
    return policies.written(open);
  }

  private static boolean isMarked(CellRule.Decide rule) {
    return !rule.match().marks().equals(NumberSet.ALL);
  }

  private static IpAddress single(IpSet addresses) {
    if (addresses.ranges().size() != 1 || !addresses.ranges().get(0).isSingle()) {
      throw new IllegalArgumentException(addresses + ": is not one address");
    }
    return addresses.ranges().get(0).first();
  }

  private void allow(CellRule.Decide rule) {
    Match match = rule.match();
    IpAddress to = single(match.destinations());
    Key key = new Key(to, match.marks().ranges().get(0).first());
    ServiceSet before = told.getOrDefault(key, ServiceSet.EMPTY);
    for (NumberSet.Range range : match.services().subtract(before).numbers().ranges()) {
      long protocol = range.first() >> Short.SIZE;
      NumberSet.Range ports = new NumberSet.Range(range.first() & 0xffff, range.last() & 0xffff);
      allowed.add(
          "%s . %d . %s . %d : %s"
              .formatted(
                  to,
                  protocol,
                  ports,
                  key.mark(),
                  verdicts.verdict(rule.rule().verdict(), rule.log())));
    }
    told.put(key, before.union(match.services()));
  }

  private Definition written(List<CellRule> open) {
    chain.rules(open);
    if (!sources.isEmpty()) {
      chain
          .lines()
          .add(
              "meta mark set ip saddr map @"
                  + chain.use(
                      map("sources", List.of("type ipv4_addr : mark"), sources, List.of())));
    }
    if (!allowed.isEmpty()) {
      chain
          .lines()
          .add(
              "ip daddr . meta l4proto . th dport . meta mark vmap @"
                  + chain.use(
                      map(
                          "allowed",
                          List.of(
                              "type ipv4_addr . inet_proto . inet_service . mark : verdict",
                              "flags interval"),
                          allowed,
                          verdicts.uses())));
    }
    return Definition.of("chain", "policies", chain.lines(), chain.uses());
  }

  private static Definition map(
      String prefix, List<String> head, List<String> elements, List<String> uses) {
    List<String> body = new ArrayList<>(head);
    body.add(
        elements.stream()
            .collect(Collectors.joining(",\n      ", "elements = {\n      ", "\n    }")));
    return Definition.of("map", prefix, body, uses);
  }
}
