package io.dualstack.impl.firewall;

import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one rule of a security group, as strictly as both validators of Cloud Controller together.
 */
final class RuleReader {
  private static final String CODE = "SecurityGroupRuleInvalid";
  private static final Set<String> KNOWN =
      Set.of("protocol", "destination", "ports", "type", "code", "log", "description");

  private final RuleOptions options;
  private final DestinationReader destinations;

  RuleReader(RuleOptions options) {
    this.options = options;
    this.destinations = new DestinationReader(options);
  }

  /** Returns the rule; empty when faults were noted. */
  Optional<SecurityGroupRule> read(Place rule) {
    if (!rule.value().isObject()) {
      rule.refuse(CODE, "is no object; write {\"protocol\": …, \"destination\": …}");
      return Optional.empty();
    }
    int before = rule.findings().count();
    checkKeys(rule);
    String protocol = protocol(rule.member("protocol"));
    Traffic traffic = traffic(rule, protocol);
    IpSet to = destinations.read(rule.member("destination"), familyOnly(protocol));
    boolean log = log(rule.member("log"));
    String description = description(rule.member("description"));
    if (traffic == null || rule.findings().count() > before) {
      return Optional.empty();
    }
    return Optional.of(new SecurityGroupRule(traffic, to, log, description));
  }

  private static void checkKeys(Place rule) {
    List<String> unknown = new ArrayList<>();
    rule.value()
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!KNOWN.contains(key)) {
                unknown.add(key);
              }
            });
    if (!unknown.isEmpty()) {
      rule.refusePart(
          "",
          CODE,
          "%s: unknown field%s; take out, or check the spelling"
              .formatted(String.join(", ", unknown), unknown.size() == 1 ? "" : "s"));
    }
  }

  private String protocol(Place place) {
    String text = place.value().isTextual() ? place.value().textValue() : "";
    switch (text) {
      case "tcp", "udp", "icmp", "all":
        return text;
      case "icmpv6":
        if (!options.ipv6()) {
          place.refuse(CODE, "needs enable_ipv6; IPv6 is off: switch it on (--ipv6) to use icmpv6");
        }
        return text;
      default:
        String use = "use tcp, udp, icmp, icmpv6 or all, in lower case";
        if (place.isAbsent()) {
          place.refusePart("", CODE, "is missing; " + use);
        } else {
          place.refuse(CODE, "is no protocol; " + use);
        }
        return "";
    }
  }

  /** What of the protocol counts for destinations, also when type or code are wrong. */
  private static @Nullable Traffic familyOnly(String protocol) {
    return switch (protocol) {
      case "icmp" -> new Traffic.Icmp(IpFamily.IPV4, -1, -1);
      case "icmpv6" -> new Traffic.Icmp(IpFamily.IPV6, -1, -1);
      default -> null;
    };
  }

  private static @Nullable Traffic traffic(Place rule, String protocol) {
    switch (protocol) {
      case "tcp", "udp":
        refuseIfPresent(rule, protocol, "type", "code");
        List<PortRange> ports = PortsReader.read(rule.member("ports"));
        return ports.isEmpty() ? null : new Traffic.Ports(Protocol.parse(protocol), ports);
      case "icmp", "icmpv6":
        refuseIfPresent(rule, protocol, "ports");
        Integer type = number(rule.member("type"));
        Integer code = number(rule.member("code"));
        IpFamily family = protocol.equals("icmp") ? IpFamily.IPV4 : IpFamily.IPV6;
        return type == null || code == null ? null : new Traffic.Icmp(family, type, code);
      case "all":
        refuseIfPresent(rule, protocol, "ports", "type", "code");
        return new Traffic.All();
      default:
        return null;
    }
  }

  private static void refuseIfPresent(Place rule, String protocol, String... keys) {
    for (String key : keys) {
      Place place = rule.member(key);
      if (!place.isAbsent()) {
        place.refuse(CODE, "protocol %s has no %s; take it out".formatted(protocol, key));
      }
    }
  }

  private static @Nullable Integer number(Place place) {
    if (place.isAbsent() || place.value().isNull()) {
      place.refusePart("", CODE, "is missing; icmp and icmpv6 need a whole number from -1 to 255");
      return null;
    }
    if (!place.value().isIntegralNumber()
        || !place.value().canConvertToInt()
        || place.value().intValue() < -1
        || place.value().intValue() > 255) {
      place.refuse(CODE, "must be a whole number from -1 to 255");
      return null;
    }
    return place.value().intValue();
  }

  private static boolean log(Place place) {
    if (!place.isAbsent() && !place.value().isBoolean()) {
      place.refuse(CODE, "must be true or false; correct it, or leave it out");
    }
    return place.value().asBoolean(false);
  }

  private static String description(Place place) {
    if (!place.isAbsent() && !place.value().isTextual()) {
      place.refuse(CODE, "must be a string; correct it, or leave it out");
    }
    return place.value().asText("");
  }
}
