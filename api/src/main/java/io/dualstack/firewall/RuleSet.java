package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A packet filter: the first rule that a packet matches decides about it.
 *
 * @param rules the rules in order
 * @param otherwise what becomes of packets that match no rule
 */
public record RuleSet(List<FilterRule> rules, Verdict otherwise) {
  /**
   * Copies the rules.
   *
   * @param rules the rules in order
   * @param otherwise what becomes of packets that match no rule
   */
  public RuleSet {
    rules = List.copyOf(rules);
    requireNonNull(otherwise, "otherwise");
  }

  /**
   * {@return the rule that decides about a packet; empty when it matches none}
   *
   * @param packet the packet
   */
  public Optional<FilterRule> deciding(Packet packet) {
    return rules.stream().filter(rule -> rule.match().contains(packet)).findFirst();
  }

  /**
   * {@return what becomes of a packet}
   *
   * @param packet the packet
   */
  public Verdict verdict(Packet packet) {
    return deciding(packet).map(FilterRule::verdict).orElse(otherwise);
  }
}
