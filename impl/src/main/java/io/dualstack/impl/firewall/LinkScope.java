package io.dualstack.impl.firewall;

import io.dualstack.firewall.FilterRule;
import io.dualstack.firewall.Match;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import java.util.List;

/**
 * IPv6 addresses that have no business beyond a container's link, whatever a group says: {@code
 * ::/0} names them too. Link-local ones mean another host on every link, so no rule about one says
 * whom it lets through (RFC 4291 section 2.5.6); multicast reaches hosts that no rule can name, and
 * routers that would forward it are told of members by messages that end at the cell. What
 * containers need of both is with {@link EssentialIcmpv6}, and their DNS servers, on the way to the
 * cell itself. The one place that names them.
 */
final class LinkScope {
  private LinkScope() {}

  static FilterRule rule() {
    return new FilterRule(
        List.of("never beyond the link in IPv6: link-local and multicast addresses"),
        Match.all(IpFamily.IPV6)
            .to(
                AddressScope.LINK_LOCAL
                    .addresses(IpFamily.IPV6)
                    .union(AddressScope.MULTICAST.addresses(IpFamily.IPV6))),
        Verdict.REJECT,
        false);
  }
}
