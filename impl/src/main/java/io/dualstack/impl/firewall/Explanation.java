package io.dualstack.impl.firewall;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Why a packet passes or not.
 *
 * @param packet the packet
 * @param verdict what becomes of it
 * @param rule the rule that decides; empty when no rule matches
 * @param otherServices for a packet that no rule matches, rules that let others of its protocol
 *     through to its destination
 * @param otherDestinations for a packet that no rule matches, rules that let what it asks for
 *     through elsewhere
 */
public record Explanation(
    Packet packet,
    Verdict verdict,
    Optional<FilterRule> rule,
    List<FilterRule> otherServices,
    List<FilterRule> otherDestinations) {
  /** As many hints as people read. */
  private static final int MOST = 5;

  /** Finds out. */
  public static Explanation of(RuleSet rules, Packet packet) {
    Optional<FilterRule> deciding = rules.deciding(packet);
    boolean isMissed = deciding.isEmpty();
    return new Explanation(
        packet,
        rules.verdict(packet),
        deciding,
        isMissed
            ? near(
                rules,
                packet,
                rule ->
                    rule.match().destinations().contains(packet.destination())
                        && rule.match().services().overlaps(packet.service().protocol()))
            : List.of(),
        isMissed
            ? near(rules, packet, rule -> rule.match().services().contains(packet.service()))
            : List.of());
  }

  /** Rules that would match but for one condition, and are about the packet in this one. */
  private static List<FilterRule> near(
      RuleSet rules, Packet packet, Predicate<FilterRule> condition) {
    return rules.rules().stream()
        .filter(rule -> rule.match().family() == packet.family())
        .filter(rule -> rule.match().states().contains(packet.state()))
        .filter(condition)
        .limit(MOST)
        .toList();
  }

  /** Says in one sentence what decided. */
  public String reason() {
    return rule.map(decided -> String.join("; ", decided.origins()))
        .orElse("no rule matches it, and what no rule matches is " + past(verdict));
  }

  private static String past(Verdict verdict) {
    return switch (verdict) {
      case ACCEPT -> "accepted";
      case REJECT -> "rejected";
      case DROP -> "dropped";
    };
  }
}
