package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What container-to-container policies mean. */
final class PolicyFilter {
  private static final Match ALL = Match.all(IpFamily.IPV4);

  private final FirewallLogging logging;
  private final PolicyRules policies;

  PolicyFilter(FirewallLogging logging, PolicyRules policies) {
    this.logging = logging;
    this.policies = policies;
  }

  List<CellRule> rules() {
    List<CellRule> rules = new ArrayList<>();
    for (IpPrefix from : policies.openNetworks()) {
      for (IpPrefix to : policies.openNetworks()) {
        rules.add(
            accept(
                "an overlay network without policies",
                ALL.from(IpSet.of(IpRange.of(from))).to(IpSet.of(IpRange.of(to))),
                null));
      }
    }
    for (PolicyRules.Source source : policies.sources()) {
      rules.add(
          new CellRule.Mark(
              List.of("src:" + source.app()),
              ALL.from(IpSet.of(IpRange.single(source.address()))),
              source.tag()));
    }
    policies.allowed().forEach(allowed -> rules.add(accept(allowed)));
    return rules;
  }

  private CellRule accept(PolicyRules.Allowed allowed) {
    String origin =
        allowed.isFromRouters()
            ? "from the platform's routers"
            : "src:%s_dst:%s".formatted(allowed.source(), allowed.app());
    boolean logs = policies.log() && !allowed.isFromRouters();
    return accept(
        origin,
        ALL.to(IpSet.of(IpRange.single(allowed.address())))
            .asking(ServiceSet.ports(allowed.transport(), List.of(allowed.ports())))
            .marked(NumberSet.of(allowed.tag())),
        logs
            ? PacketLog.of(
                "OK_%s_%s".formatted(tag(allowed.tag()), allowed.app()),
                logging.acceptedUdpPerSecond())
            : null);
  }

  /** As tags are written: four hexadecimal digits. */
  private static String tag(int tag) {
    return "%04x".formatted(tag).toUpperCase(Locale.ROOT);
  }

  private static CellRule accept(String origin, Match match, @Nullable PacketLog log) {
    return CellRule.Decide.of(
        new FilterRule(List.of(origin), match, Verdict.ACCEPT, log != null), log);
  }
}
