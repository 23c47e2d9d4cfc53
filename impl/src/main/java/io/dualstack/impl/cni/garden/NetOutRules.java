package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.net.IpAddress;
import io.dualstack.net.PortRange;
import org.jspecify.annotations.Nullable;

/**
 * Garden's rules for what a container may reach. They are for plugins to apply: here they are
 * checked and handed on as they are.
 */
public final class NetOutRules {
  private static final int MAX_BYTE = 255;

  private NetOutRules() {}

  /** Checks the rules of a list, which may be absent. */
  static void checkAll(Fields fields, String key) {
    fields.objects(key).forEach(NetOutRules::check);
  }

  /** Checks a rule. */
  public static void check(Fields rule) {
    int unusedProtocol = rule.number("protocol", MAX_BYTE);
    rule.objects("networks").forEach(NetOutRules::checkNetwork);
    rule.objects("ports").forEach(NetOutRules::checkPorts);
    @Nullable Fields icmp = rule.objectOrNull("icmps");
    if (icmp != null) {
      int unusedType = icmp.number("type", MAX_BYTE);
      int unusedCode = icmp.number("code", MAX_BYTE);
    }
    rule.checkFlag("log");
  }

  private static void checkNetwork(Fields network) {
    @Nullable IpAddress start = network.address("start");
    @Nullable IpAddress end = network.address("end");
    if (start != null && end != null && start.family() != end.family()) {
      throw network.refused("end", end + ": is of another family than the start, " + start);
    }
  }

  private static void checkPorts(Fields ports) {
    int start = ports.number("start", PortRange.MAX);
    int end = ports.number("end", PortRange.MAX);
    if (start > end) {
      throw ports.refused("end", "%d: is before the start, %d".formatted(end, start));
    }
  }

  /** Returns a list of rules as it was written; null, as Go writes no list, if absent. */
  static JsonNode handedOn(Fields fields, String key) {
    @Nullable JsonNode rules = fields.object().get(key);
    return rules == null ? fields.object().nullNode() : rules;
  }
}
