package io.dualstack.impl.firewall.iptables;

import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One generation of policies: a chain with the time in its name, before all else that is forwarded.
 *
 * @param name the chain
 * @param lines the lines that fill it
 */
record PolicyChain(String name, List<String> lines) {

  /** Returns the next generation. Of each kind of rule they are in the order of their text. */
  static PolicyChain of(CellModel model, PolicyRules policies, long micros) {
    String name = "vpa--" + micros;
    List<List<String>> rules = new ArrayList<>();
    model.policies(policies).stream()
        .collect(Collectors.groupingBy(PolicyChain::block, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(
            same ->
                same.stream()
                    .map(RuleText::policy)
                    // By the rule itself, which is behind the one that logs.
                    .sorted(Comparator.comparing(lines -> lines.get(lines.size() - 1)))
                    .forEach(rules::add));
    return new PolicyChain(
        name,
        rules.stream()
            .flatMap(List::stream)
            .distinct()
            .map(rule -> "-A %s %s".formatted(name, rule))
            .toList());
  }

  /** Open networks, then marks, then policies, then what comes from routers. */
  private static int block(CellRule rule) {
    if (rule instanceof CellRule.Mark) {
      return 1;
    }
    boolean isOpen = rule.match().marks().equals(NumberSet.ALL);
    return isOpen ? 0 : rule.origins().get(0).startsWith("src:") ? 2 : 3;
  }

  /** Returns whether it is there, with all its rules. */
  boolean isInForce(TablesCheck check) {
    return check.isReached("FORWARD", name) && check.hasRules(lines);
  }

  /** Puts it before those that are there. */
  void addTo(Restore change) {
    change.create(TableName.FILTER, name);
    change.lines(TableName.FILTER, lines);
    change.line(TableName.FILTER, "-I FORWARD 1 -j " + name);
  }
}
