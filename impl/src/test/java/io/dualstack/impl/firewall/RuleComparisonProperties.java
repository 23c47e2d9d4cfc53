package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Verdict;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The comparison against both rule sets evaluated for every packet of the grid. */
class RuleComparisonProperties {
  private static final List<Packet> GRID = SmallWorld.grid().toList();

  @Provide
  Arbitrary<RuleSet> ruleSets() {
    return SmallWorld.ruleSets();
  }

  @Property(tries = 150)
  void differences_hold_exactly_the_packets_with_two_verdicts(
      @ForAll("ruleSets") RuleSet before, @ForAll("ruleSets") RuleSet after) {
    List<Difference> differences = RuleComparison.differences(before, after, Integer.MAX_VALUE);

    for (Packet packet : GRID) {
      Verdict was = before.verdict(packet);
      Verdict is = after.verdict(packet);
      List<Difference> about =
          differences.stream().filter(each -> each.packets().contains(packet)).toList();
      assertThat(about).as(packet.toString()).hasSize(was == is ? 0 : 1);
      assertThat(about).allMatch(each -> each.before() == was && each.after() == is);
    }
  }

  @Property
  void a_witness_really_differs_and_is_found_iff_there_is_one(
      @ForAll("ruleSets") RuleSet before, @ForAll("ruleSets") RuleSet after) {
    var difference = RuleComparison.first(before, after);

    difference.ifPresent(
        found -> {
          assertThat(before.verdict(found.witness())).isEqualTo(found.before());
          assertThat(after.verdict(found.witness())).isEqualTo(found.after());
          assertThat(found.before()).isNotEqualTo(found.after());
        });
    if (difference.isEmpty()) {
      assertThat(GRID).allMatch(packet -> before.verdict(packet) == after.verdict(packet));
    }
  }

  @Property(tries = 300)
  void a_rule_that_is_hidden_by_those_before_it_makes_no_difference(
      @ForAll("ruleSets") RuleSet rules, @ForAll("ruleSets") RuleSet others) {
    List<FilterRule> more = new ArrayList<>(rules.rules());
    more.addAll(rules.rules());

    assertThat(RuleComparison.first(rules, new RuleSet(more, rules.otherwise()))).isEmpty();
    more.addAll(others.rules());
    assertThat(RuleComparison.differences(rules, new RuleSet(more, rules.otherwise()), 5))
        .allMatch(each -> rules.deciding(each.witness()).isEmpty());
  }
}
