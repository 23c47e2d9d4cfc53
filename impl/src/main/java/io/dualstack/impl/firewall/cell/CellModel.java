package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.EssentialIcmpv6;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cell's settings mean as rules. Immutable, thread-safe.
 *
 * <p>By IPv4 the rules are those that cells have always had. By IPv6, which has addresses of the
 * Internet, no translation and no overlay, whatever is not let through is rejected on all paths.
 */
public final class CellModel {
  private final CellFirewall cell;

  /** Makes the model of a cell. */
  public CellModel(CellFirewall cell) {
    this.cell = cell;
  }

  /** Returns the cell's settings. */
  public CellFirewall cell() {
    return cell;
  }

  /** Returns a container's rules in every family that both the cell and the container have. */
  public List<PathRules> rules(ContainerFirewall container) {
    return cell.families().stream().flatMap(family -> rules(container, family).stream()).toList();
  }

  /** Returns a container's rules of a family; empty when the cell or the container has it not. */
  public Optional<PathRules> rules(ContainerFirewall container, IpFamily family) {
    return cell.families().contains(family)
        ? container
            .endpoint()
            .address(family)
            .map(address -> new ContainerRules(cell, container, family, address).all())
        : Optional.empty();
  }

  /**
   * Returns the rules about what goes to and comes from addresses of containers and is decided by
   * no container's rules: there may be no container, or none yet. They come after all others. Empty
   * without IPv6.
   */
  public Optional<PathRules> closed() {
    Ipv6Firewall ipv6 = cell.ipv6();
    if (ipv6 == null) {
      return Optional.empty();
    }
    IpSet own = IpSet.of(IpRange.of(ipv6.own()));
    Match from = Match.all(IpFamily.IPV6).from(own);
    Match to = Match.all(IpFamily.IPV6).to(own);
    Map<Path, List<CellRule>> paths = new EnumMap<>(Path.class);
    paths.put(Path.TO_HOST, closing(from));
    paths.put(Path.TO_CONTAINER, closing(to));
    paths.put(Path.ELSEWHERE, closing(from));
    return Optional.of(new PathRules(IpFamily.IPV6, paths));
  }

  private static List<CellRule> closing(Match all) {
    List<CellRule> rules = new ArrayList<>();
    for (FilterRule rule : EssentialIcmpv6.rules()) {
      rules.add(within(all, rule));
    }
    rules.add(
        CellRule.Decide.quietly(
            new FilterRule(
                List.of("an address of containers that no container has rules for"),
                all,
                Verdict.REJECT,
                false)));
    return rules;
  }

  /** Returns a rule for those of its packets that are among others, which some are. */
  static CellRule.Decide within(Match all, FilterRule rule) {
    return CellRule.Decide.quietly(
        new FilterRule(
            rule.origins(), all.intersect(rule.match()).orElseThrow(), rule.verdict(), false));
  }

  /**
   * Returns what container-to-container policies mean for all forwarded packets, before any
   * container's rules; by IPv4 alone, as the overlay network is.
   */
  public List<CellRule> policies(PolicyRules policies) {
    return new PolicyFilter(cell.logging(), policies).rules();
  }
}
