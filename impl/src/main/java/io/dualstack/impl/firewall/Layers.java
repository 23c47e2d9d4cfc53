package io.dualstack.impl.firewall;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one family with fewer matches and the same verdicts: among rules that follow one
 * another with one verdict, those that differ in nothing but destinations are one.
 */
final class Layers {
  /** Matches to one verdict. The first that a packet matches decides. */
  record Row(Match match, Verdict verdict) {}

  /** What of a rule must be the same, with every destination in place of its own. */
  private record Key(int layer, Match match) {}

  private Layers() {}

  static List<Row> of(RuleSet rules, IpFamily family) {
    Map<Key, List<IpRange>> merged = new LinkedHashMap<>();
    Map<Integer, Verdict> verdicts = new LinkedHashMap<>();
    int layer = 0;
    for (FilterRule rule : rules.rules()) {
      if (rule.match().family() != family) {
        continue;
      }
      Verdict verdict = verdicts.get(layer);
      if (verdict != null && verdict != rule.verdict()) {
        layer++;
      }
      verdicts.put(layer, rule.verdict());
      merged
          .computeIfAbsent(
              new Key(layer, rule.match().to(IpSet.all(family))), key -> new ArrayList<>())
          .addAll(rule.match().destinations().ranges());
    }
    List<Row> rows = new ArrayList<>(merged.size());
    merged.forEach(
        (key, destinations) ->
            rows.add(
                new Row(
                    key.match().to(IpSet.of(destinations)),
                    verdicts.getOrDefault(key.layer(), rules.otherwise()))));
    return rows;
  }
}
