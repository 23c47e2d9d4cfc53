package io.dualstack.impl.cni.wrapper;

import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.cni.garden.NetOutRules;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Garden's rules for what a container may reach, as a security group. A rule that says nothing
 * usable means nothing, as in the original: one without networks, TCP or UDP without ports, ICMP
 * without type and code, others with ports.
 */
final class NetOutGroup {
  private static final String NAME = "netOutRules";
  private static final int ALL = 0;
  private static final int TCP = 1;
  private static final int UDP = 2;
  private static final int ICMP = 3;

  /** Garden has no number for it yet; the next one is the natural choice. */
  private static final int ICMPV6 = 4;

  private NetOutGroup() {}

  /** Reads the rules of a list, which may be absent. */
  static SecurityGroup read(Fields fields, String object, String key) {
    @Nullable Fields inner = fields.objectOrNull(object);
    List<SecurityGroupRule> rules = new ArrayList<>();
    if (inner != null) {
      for (Fields rule : inner.objects(key)) {
        NetOutRules.check(rule);
        traffic(rule).ifPresent(traffic -> rules.addAll(rules(rule, traffic)));
      }
    }
    return new SecurityGroup(NAME, rules, Set.of());
  }

  private static List<SecurityGroupRule> rules(Fields rule, Traffic traffic) {
    IpSet networks = networks(rule);
    for (IpFamily family : IpFamily.values()) {
      if (!traffic.runsOver(family)) {
        networks = networks.only(family.other());
      }
    }
    return networks.isEmpty()
        ? List.of()
        : List.of(
            new SecurityGroupRule(traffic, networks, rule.object().path("log").booleanValue(), ""));
  }

  private static IpSet networks(Fields rule) {
    List<IpRange> ranges = new ArrayList<>();
    for (Fields network : rule.objects("networks")) {
      @Nullable IpAddress start = network.address("start");
      @Nullable IpAddress end = network.address("end");
      if (start == null) {
        throw network.refused("start", "is missing; give the first address");
      }
      if (end != null && start.compareTo(end) > 0) {
        throw network.refused("end", "%s: is before the start, %s".formatted(end, start));
      }
      ranges.add(new IpRange(start, end == null ? start : end));
    }
    return IpSet.of(ranges);
  }

  private static Optional<Traffic> traffic(Fields rule) {
    List<PortRange> ports = new ArrayList<>();
    for (Fields range : rule.objects("ports")) {
      int start = range.number("start");
      int end = range.number("end");
      if (start == 0) {
        throw range.refused("start", "0: is no port; use 1 to 65535");
      }
      ports.add(new PortRange(start, end));
    }
    int protocol = rule.number("protocol");
    return switch (protocol) {
      case ALL -> ports.isEmpty() ? Optional.of(new Traffic.All()) : Optional.empty();
      case TCP -> ports(Protocol.TCP, ports);
      case UDP -> ports(Protocol.UDP, ports);
      case ICMP -> icmp(rule, IpFamily.IPV4);
      case ICMPV6 -> icmp(rule, IpFamily.IPV6);
      default -> Optional.empty();
    };
  }

  private static Optional<Traffic> ports(Protocol transport, List<PortRange> ports) {
    return ports.isEmpty() ? Optional.empty() : Optional.of(new Traffic.Ports(transport, ports));
  }

  private static Optional<Traffic> icmp(Fields rule, IpFamily family) {
    @Nullable Fields icmp = rule.objectOrNull("icmps");
    if (icmp == null || !icmp.has("type") || !icmp.has("code")) {
      return Optional.empty();
    }
    return Optional.of(new Traffic.Icmp(family, icmp.number("type"), icmp.number("code")));
  }
}
