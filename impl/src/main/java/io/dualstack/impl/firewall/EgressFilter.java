package io.dualstack.impl.firewall;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What security groups mean for packets that leave a container.
 *
 * <p>The order is that of the rules in a cell's firewall, where each is put before those already
 * there: of rules in several groups, those that log come first, later ones before earlier ones. As
 * all of them accept, the order decides which of them counts and logs, not what passes.
 */
public final class EgressFilter {
  private static final String ORIGIN = "security group ";

  private EgressFilter() {}

  /** Returns the rules of the groups alone: what new connections they let through. */
  public static RuleSet ofGroups(List<SecurityGroup> groups) {
    return new RuleSet(groupRules(groups), Verdict.REJECT);
  }

  /**
   * Returns the whole filter: replies, what is invalid, what IPv6 needs, and the groups' rules.
   *
   * @param ipv6 whether there is IPv6; without it no rule names it
   */
  public static RuleSet whole(List<SecurityGroup> groups, boolean ipv6) {
    List<FilterRule> rules = new ArrayList<>();
    for (IpFamily family : ipv6 ? EnumSet.allOf(IpFamily.class) : EnumSet.of(IpFamily.IPV4)) {
      rules.addAll(beforeGroups(family));
    }
    rules.addAll(groupRules(groups));
    return new RuleSet(rules, Verdict.REJECT);
  }

  /** Returns what is decided before any group has a say, in a family. */
  public static List<FilterRule> beforeGroups(IpFamily family) {
    List<FilterRule> rules = new ArrayList<>();
    rules.add(answers(family));
    rules.add(
        new FilterRule(
            List.of("TCP that belongs to no connection"),
            Match.all(family)
                .asking(ServiceSet.of(Protocol.TCP))
                .in(EnumSet.of(ConnectionState.INVALID)),
            Verdict.DROP,
            false));
    if (family == IpFamily.IPV6) {
      rules.addAll(EssentialIcmpv6.rules());
      rules.add(LinkScope.rule());
    }
    return rules;
  }

  /** Returns the rule that lets known connections go on, in either direction. */
  public static FilterRule answers(IpFamily family) {
    return new FilterRule(
        List.of("reply to, or error about, a known connection"),
        Match.all(family).in(EnumSet.of(ConnectionState.ESTABLISHED, ConnectionState.RELATED)),
        Verdict.ACCEPT,
        false);
  }

  /** Returns whether a rule is one that some group has. */
  public static boolean isOfGroups(FilterRule rule) {
    return rule.origins().get(0).startsWith(ORIGIN);
  }

  /** Which packets, and whether they are logged: what makes rules the same whoever wrote them. */
  private record Effect(Match match, boolean log) {}

  private static List<FilterRule> groupRules(List<SecurityGroup> groups) {
    Map<Effect, List<String>> quiet = new LinkedHashMap<>();
    Map<Effect, List<String>> logged = new LinkedHashMap<>();
    for (SecurityGroup group : groups) {
      for (int i = 0; i < group.rules().size(); i++) {
        SecurityGroupRule rule = group.rules().get(i);
        String origin = ORIGIN + "%s, rule %d".formatted(group.name(), i);
        for (IpFamily family : IpFamily.values()) {
          rule.match(family)
              .ifPresent(
                  match ->
                      (rule.log() ? logged : quiet)
                          .computeIfAbsent(
                              new Effect(match, rule.log()), effect -> new ArrayList<>())
                          .add(origin));
        }
      }
    }
    List<FilterRule> rules = new ArrayList<>();
    quiet.forEach((effect, origins) -> rules.add(accept(effect, origins)));
    logged.forEach((effect, origins) -> rules.add(accept(effect, origins)));
    Collections.reverse(rules);
    return rules;
  }

  private static FilterRule accept(Effect effect, List<String> origins) {
    return new FilterRule(origins, effect.match(), Verdict.ACCEPT, effect.log());
  }
}
