package io.dualstack.impl.firewall;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.EnumSet;
import java.util.List;

/**
 * The ICMPv6 that IPv6 can't live without and no rule may block: RFC 4890 section 4.3.1. The one
 * place that names it.
 */
public final class EssentialIcmpv6 {
  private static final int PACKET_TOO_BIG = 2;
  private static final int NEIGHBOR_SOLICITATION = 135;
  private static final int NEIGHBOR_ADVERTISEMENT = 136;

  private EssentialIcmpv6() {}

  /** Returns the rules that come before all others. */
  public static List<FilterRule> rules() {
    return List.of(
        accept(
            "packet too big, without which large packets vanish",
            Match.all(IpFamily.IPV6).asking(message(PACKET_TOO_BIG))),
        neighborDiscovery());
  }

  /**
   * Returns the rule about neighbor discovery, without router discovery and redirects, which are
   * not a container's to send. The kernel takes such messages with a hop limit of 255 alone (RFC
   * 4861 section 7.1); a back end may say so.
   */
  public static FilterRule neighborDiscovery() {
    Match neighbors =
        Match.all(IpFamily.IPV6)
            .asking(message(NEIGHBOR_SOLICITATION).union(message(NEIGHBOR_ADVERTISEMENT)))
            .in(EnumSet.of(ConnectionState.UNTRACKED));
    return accept("neighbor discovery", neighbors);
  }

  private static ServiceSet message(int type) {
    return ServiceSet.icmp(Protocol.ICMPV6, type, -1);
  }

  private static FilterRule accept(String origin, Match match) {
    return new FilterRule(
        List.of("always allowed in IPv6: " + origin), match, Verdict.ACCEPT, false);
  }
}
