package io.dualstack.impl.policy.http;

import static io.dualstack.impl.http.JsonBody.number;
import static io.dualstack.impl.http.JsonBody.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.net.PortRange;
import io.dualstack.policy.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads policies that people and their tools send. The checks are the policy server's, in its
 * order, and the first that fails is told. Destinations that are addresses, which it never stored,
 * are checked by what they are.
 */
final class PolicyValidation {

  private PolicyValidation() {}

  /**
   * Reads policies.
   *
   * @param version of the API, 0 or 1
   * @throws MalformedException saying what is wrong with which policy
   */
  static List<NetworkPolicy> read(byte[] body, int version) throws MalformedException {
    List<JsonNode> nodes = JsonBody.array(JsonBody.read(body), "policies");
    if (nodes.isEmpty()) {
      throw new MalformedException("missing policies; give one or more");
    }
    List<NetworkPolicy> policies = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      String where = "policies[%d]: ".formatted(i);
      try {
        policies.add(policy(nodes.get(i), version));
      } catch (MalformedException | IllegalArgumentException e) {
        throw new MalformedException(where + e.getMessage());
      }
    }
    return policies;
  }

  private static NetworkPolicy policy(JsonNode node, int version) throws MalformedException {
    JsonNode source = node.path("source");
    JsonNode destination = node.path("destination");
    boolean addresses = version > 0 && PolicyDocument.isAddresses(destination);
    require(!text(source, "id").isEmpty(), "missing source id");
    require(addresses || !text(destination, "id").isEmpty(), "missing destination id");
    require(
        !addresses || text(destination, "id").isEmpty(),
        "has both a destination id and ips; give one of them");
    JsonNode ports = destination.path("ports");
    String protocol = text(destination, "protocol");
    if (addresses) {
      boolean icmp = protocol.equals("icmp") || protocol.equals("icmpv6");
      require(
          icmp || isTransport(protocol),
          "invalid destination protocol, use tcp, udp, icmp or icmpv6");
      if (icmp) {
        require(
            number(ports, "start", 0) == 0 && number(ports, "end", 0) == 0, "icmp has no ports");
      } else {
        checkPorts(ports);
      }
    } else {
      require(isTransport(protocol), "invalid destination protocol, use tcp or udp");
      if (version == 0) {
        ports = checkedPort(destination);
      } else {
        checkPorts(ports);
      }
    }
    require(
        text(source, "tag").isEmpty() && text(destination, "tag").isEmpty(),
        "tags may not be given; the server chooses them");
    ObjectNode read = JsonBody.object();
    destination.fieldNames().forEachRemaining(key -> read.set(key, destination.get(key)));
    read.set("ports", ports);
    if (!addresses) {
      read.remove("ips");
    }
    return new NetworkPolicy(text(source, "id"), PolicyDocument.destination(read));
  }

  private static boolean isTransport(String protocol) {
    return protocol.equals("tcp") || protocol.equals("udp");
  }

  private static void checkPorts(JsonNode ports) throws MalformedException {
    int start = number(ports, "start", 0);
    int end = number(ports, "end", 0);
    require(
        start <= end, "invalid port range %d-%d, start must not be over end".formatted(start, end));
    require(start >= 0, "invalid start port %d, must be 1 to 65535".formatted(start));
    require(start != 0, "missing start port");
    require(end <= PortRange.MAX, "invalid end port %d, must be 1 to 65535".formatted(end));
  }

  /** Returns the one port of the first version as a range. */
  private static JsonNode checkedPort(JsonNode destination) throws MalformedException {
    int port = number(destination, "port", 0);
    require(port >= 0, "invalid port %d, must be 1 to 65535".formatted(port));
    require(port != 0, "missing port");
    require(port <= PortRange.MAX, "invalid port %d, must be 1 to 65535".formatted(port));
    return JsonBody.object().put("start", port).put("end", port);
  }

  private static void require(boolean holds, String otherwise) throws MalformedException {
    if (!holds) {
      throw new MalformedException(otherwise);
    }
  }
}
