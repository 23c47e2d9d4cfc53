package io.dualstack.impl.firewall;

import io.dualstack.firewall.Packet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.impl.firewall.ParityFinding.Leaning;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Where security groups let containers reach more by IPv6 than by IPv4, or less.
 *
 * <p>Addresses of the two families don't correspond one by one, so whole scopes are compared, and
 * of ICMP the messages that both families have. What IPv6 always lets through is not a finding.
 */
public final class ParityReport {
  private final AddressScope scope;
  private final Reach ipv4;
  private final Reach ipv6;
  private final List<ParityFinding> findings = new ArrayList<>();

  private ParityReport(RuleSet rules, AddressScope scope) {
    this.scope = scope;
    ipv4 = new Reach(rules, scope, IpFamily.IPV4);
    ipv6 = new Reach(rules, scope, IpFamily.IPV6);
  }

  /** Returns what differs, scope by scope; empty when IPv6 is as strict as IPv4. */
  public static List<ParityFinding> of(List<SecurityGroup> groups) {
    RuleSet rules = EgressFilter.ofGroups(groups);
    List<ParityFinding> findings = new ArrayList<>();
    for (AddressScope scope : AddressScope.values()) {
      findings.addAll(new ParityReport(rules, scope).compare());
    }
    return findings;
  }

  private List<ParityFinding> compare() {
    ServiceSet all4 = IcmpTwins.inIpv6(ipv4.everywhere());
    ServiceSet some4 = IcmpTwins.inIpv6(ipv4.somewhere());
    ServiceSet all6 = IcmpTwins.comparable(ipv6.everywhere());
    ServiceSet some6 = IcmpTwins.comparable(ipv6.somewhere());
    add(Leaning.LOOSER, all6.subtract(all4).union(some6.subtract(some4)));
    add(Leaning.STRICTER, all4.subtract(all6).union(some4.subtract(some6)));
    add(Leaning.PARTLY, some4.subtract(all4).intersect(some6.subtract(all6)));
    return findings;
  }

  private void add(Leaning leaning, ServiceSet services) {
    if (services.isEmpty()) {
      return;
    }
    Service in6 = services.witness();
    Service in4 = IcmpTwins.inIpv4(in6);
    // The looser side passes and the other does not; of two that pass in part, both do.
    IpSet to4 = leaning == Leaning.LOOSER ? ipv4.notTo(in4) : ipv4.to(in4);
    IpSet to6 = leaning == Leaning.STRICTER ? ipv6.notTo(in6) : ipv6.to(in6);
    findings.add(new ParityFinding(scope, leaning, services, packet(to4, in4), packet(to6, in6)));
  }

  private static Packet packet(IpSet destinations, Service service) {
    IpAddress destination = destinations.ranges().get(0).first();
    return Packet.opening(destination.family().first(), destination, service);
  }
}
