package io.dualstack.impl.policy.http;

import static io.dualstack.impl.http.JsonBody.number;
import static io.dualstack.impl.http.JsonBody.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.TaggedPolicy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Policies in the words of the API. A destination that is addresses has {@code ips} and, of ICMP,
 * {@code icmp_type} and {@code icmp_code}; -1 is any.
 */
public final class PolicyDocument {

  static final int ANY = -1;

  private PolicyDocument() {}

  // Writing

  /** Returns policies with their tags, for cells. */
  static byte[] tagged(List<TaggedPolicy> policies) {
    return document(policies, policy -> Optional.of(node(policy.policy(), policy)));
  }

  /** Returns policies without tags, for people. */
  static byte[] untagged(List<NetworkPolicy> policies) {
    return document(policies, policy -> Optional.of(node(policy)));
  }

  /** Returns those policies that the first version of the API has words for. */
  static byte[] untaggedV0(List<NetworkPolicy> policies) {
    return document(policies, PolicyDocument::nodeV0);
  }

  private static <T> byte[] document(List<T> policies, Function<T, Optional<ObjectNode>> writing) {
    ArrayNode array = JsonBody.object().arrayNode();
    policies.forEach(policy -> writing.apply(policy).ifPresent(array::add));
    ObjectNode document = JsonBody.object().put("total_policies", array.size());
    document.set("policies", array);
    return JsonBody.bytes(document);
  }

  private static ObjectNode node(NetworkPolicy policy, TaggedPolicy tags) {
    ObjectNode node = JsonBody.object();
    node.putObject("source").put("id", policy.source()).put("tag", tags.sourceTag().toString());
    ObjectNode destination = node.putObject("destination").put("id", guid(policy));
    tags.destinationTag().ifPresent(tag -> destination.put("tag", tag.toString()));
    describe(destination, policy.destination());
    return node;
  }

  private static ObjectNode node(NetworkPolicy policy) {
    ObjectNode node = JsonBody.object();
    node.putObject("source").put("id", policy.source());
    describe(node.putObject("destination").put("id", guid(policy)), policy.destination());
    return node;
  }

  private static String guid(NetworkPolicy policy) {
    return policy.destination() instanceof PolicyDestination.App app ? app.guid() : "";
  }

  private static void describe(ObjectNode node, PolicyDestination destination) {
    node.put("protocol", destination.traffic().protocol());
    PortRange ports = ports(destination);
    node.putObject("ports").put("start", ports.first()).put("end", ports.last());
    if (destination instanceof PolicyDestination.Addresses addresses) {
      node.set("ips", PolicyJson.ranges(addresses.ranges()));
    }
    if (destination.traffic() instanceof Traffic.Icmp icmp) {
      node.put("icmp_type", icmp.type()).put("icmp_code", icmp.code());
    }
  }

  private static PortRange ports(PolicyDestination destination) {
    return destination.traffic() instanceof Traffic.Ports traffic
        ? traffic.ports().get(0)
        : PortRange.single(0);
  }

  private static Optional<ObjectNode> nodeV0(NetworkPolicy policy) {
    if (!(policy.destination() instanceof PolicyDestination.App app) || !app.ports().isSingle()) {
      return Optional.empty();
    }
    ObjectNode node = JsonBody.object();
    node.putObject("source").put("id", policy.source());
    node.putObject("destination")
        .put("id", app.guid())
        .put("protocol", app.protocol().toString())
        .put("port", app.ports().first());
    return Optional.of(node);
  }

  // Reading what a policy server tells

  /** Reads policies with their tags. */
  static List<TaggedPolicy> readTagged(byte[] body) throws MalformedException {
    return readTagged(JsonBody.read(body));
  }

  /**
   * Reads policies with their tags, as the internal API tells them.
   *
   * @throws MalformedException naming the policy that makes no sense, as {@code policies[0]}
   */
  public static List<TaggedPolicy> readTagged(JsonNode document) throws MalformedException {
    List<JsonNode> nodes = JsonBody.array(document, "policies");
    TaggedPolicy[] policies = new TaggedPolicy[nodes.size()];
    for (int i = 0; i < policies.length; i++) {
      JsonNode source = nodes.get(i).path("source");
      JsonNode destination = nodes.get(i).path("destination");
      try {
        policies[i] =
            new TaggedPolicy(
                new NetworkPolicy(text(source, "id"), destination(destination)),
                tag(source),
                isAddresses(destination) ? null : tag(destination));
      } catch (IllegalArgumentException | MalformedException e) {
        throw new MalformedException("policies[%d]: %s".formatted(i, e.getMessage()));
      }
    }
    return List.of(policies);
  }

  private static PolicyTag tag(JsonNode end) throws MalformedException {
    String text = text(end, "tag");
    return new PolicyTag(Integer.parseInt(text, 16), text.length() / 2);
  }

  static boolean isAddresses(JsonNode destination) {
    return destination.path("ips").isArray() && !destination.path("ips").isEmpty();
  }

  /**
   * Reads a destination.
   *
   * @throws IllegalArgumentException if its values don't go together
   */
  static PolicyDestination destination(JsonNode node) throws MalformedException {
    String protocol = text(node, "protocol");
    if (!isAddresses(node)) {
      return new PolicyDestination.App(
          text(node, "id"), Protocol.parse(protocol), ports(node.path("ports")));
    }
    return new PolicyDestination.Addresses(
        PolicyJson.readRanges(node.path("ips")),
        switch (protocol) {
          case "icmp" -> icmp(IpFamily.IPV4, node);
          case "icmpv6" -> icmp(IpFamily.IPV6, node);
          default ->
              new Traffic.Ports(Protocol.parse(protocol), List.of(ports(node.path("ports"))));
        });
  }

  private static Traffic icmp(IpFamily family, JsonNode node) throws MalformedException {
    return new Traffic.Icmp(family, number(node, "icmp_type", ANY), number(node, "icmp_code", ANY));
  }

  private static PortRange ports(JsonNode node) throws MalformedException {
    return new PortRange(number(node, "start", 0), number(node, "end", 0));
  }
}
