package io.dualstack.impl.policy.agent;

import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.GroupRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Security groups as the policy server tells them, which nobody may have checked. A rule that makes
 * no sense is left out, alone and with a word in the log; in the original one unreadable
 * destination costs a container all its rules.
 */
final class ToldGroups {
  private static final Logger LOG = LoggerFactory.getLogger(ToldGroups.class);

  private ToldGroups() {}

  static List<BoundSecurityGroup> read(List<io.dualstack.policy.BoundSecurityGroup> told) {
    return told.stream().map(ToldGroups::read).toList();
  }

  private static BoundSecurityGroup read(io.dualstack.policy.BoundSecurityGroup told) {
    List<SecurityGroupRule> rules = new ArrayList<>();
    for (GroupRule rule : told.rules()) {
      try {
        read(rule).ifPresent(rules::add);
      } catch (IllegalArgumentException e) {
        LOG.atWarn()
            .addKeyValue("group", told.guid())
            .addKeyValue("destination", rule.destination())
            .log("a rule is left out: {}", e.getMessage());
      }
    }
    Set<Lifecycle> defaults = EnumSet.noneOf(Lifecycle.class);
    if (told.runningDefault()) {
      defaults.add(Lifecycle.RUNNING);
    }
    if (told.stagingDefault()) {
      defaults.add(Lifecycle.STAGING);
    }
    return new BoundSecurityGroup(
        told.guid(),
        new SecurityGroup(name(told), rules, defaults),
        told.runningSpaces(),
        told.stagingSpaces());
  }

  private static String name(io.dualstack.policy.BoundSecurityGroup told) {
    String name = told.name().isEmpty() ? told.guid() : told.name();
    return name.substring(0, Math.min(name.length(), SecurityGroup.LONGEST_NAME));
  }

  /**
   * Reads a rule; empty when it is of a family alone in which it has no destination.
   *
   * @throws IllegalArgumentException if it makes no sense
   */
  static Optional<SecurityGroupRule> read(GroupRule rule) {
    Traffic traffic = traffic(rule);
    IpSet destinations = destinations(rule.destination());
    for (IpFamily family : IpFamily.values()) {
      if (!traffic.runsOver(family)) {
        destinations = destinations.only(family.other());
      }
    }
    return destinations.isEmpty()
        ? Optional.empty()
        : Optional.of(new SecurityGroupRule(traffic, destinations, rule.log(), rule.description()));
  }

  private static Traffic traffic(GroupRule rule) {
    String protocol = rule.protocol();
    return switch (protocol) {
      case "tcp", "udp" -> new Traffic.Ports(Protocol.parse(protocol), ports(rule.ports()));
      case "icmp" -> icmp(IpFamily.IPV4, rule);
      case "icmpv6" -> icmp(IpFamily.IPV6, rule);
      case "all" -> {
        refusePorts(rule);
        yield new Traffic.All();
      }
      default ->
          throw new IllegalArgumentException(
              "\"%s\": is no protocol; use tcp, udp, icmp, icmpv6 or all".formatted(protocol));
    };
  }

  private static Traffic icmp(IpFamily family, GroupRule rule) {
    refusePorts(rule);
    return new Traffic.Icmp(family, eightBits(rule.type()), eightBits(rule.code()));
  }

  /** As the original: 0 where nothing is said, and -1 is 255, which means any. */
  private static int eightBits(@Nullable Integer number) {
    return number == null ? 0 : number & 0xff;
  }

  private static void refusePorts(GroupRule rule) {
    if (!rule.ports().isEmpty()) {
      throw new IllegalArgumentException(
          "ports: \"%s\": protocol %s has none; take them out"
              .formatted(rule.ports(), rule.protocol()));
    }
  }

  /** As the original, what is no port is passed over. */
  private static List<PortRange> ports(String text) {
    List<PortRange> ports = new ArrayList<>();
    for (String item : text.split(",")) {
      PortRange.tryParse(item.replace(" ", ""))
          .filter(range -> !range.contains(0))
          .ifPresent(ports::add);
    }
    if (ports.isEmpty()) {
      throw new IllegalArgumentException("ports: \"" + text + "\": holds no port; give one");
    }
    return PortRange.summarize(ports);
  }

  /** An IPv4 address in IPv6's form is taken as IPv4, as Go does. */
  private static IpSet destinations(String text) {
    List<IpRange> ranges = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      IpRange range = IpRange.parseMasking(item.strip()).range();
      ranges.add(
          range.first().isIpv4Mapped() && range.last().isIpv4Mapped()
              ? IpRange.of(
                  range.first().mappedIpv4().orElseThrow(), range.last().mappedIpv4().orElseThrow())
              : range);
    }
    return IpSet.of(ranges);
  }
}
