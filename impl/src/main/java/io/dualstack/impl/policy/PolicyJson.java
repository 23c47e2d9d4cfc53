package io.dualstack.impl.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.PolicyRefusedException;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.PolicyRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules of security groups, ranges of addresses and lists of texts as JSON. */
public final class PolicyJson {

  private PolicyJson() {}

  // Rules

  /** Returns rules as stores keep them: a type or code that is not there stays so. */
  public static String rules(List<GroupRule> rules) {
    ArrayNode array = JsonBody.object().arrayNode();
    rules.forEach(rule -> array.add(node(rule, false)));
    return text(array);
  }

  /**
   * Returns rules as the internal API tells them: a type or code that is not there is 0, which is
   * all that the policy agents of today understand.
   */
  public static String rulesOnTheWire(List<GroupRule> rules) {
    ArrayNode array = JsonBody.object().arrayNode();
    rules.forEach(rule -> array.add(node(rule, true)));
    return text(array);
  }

  private static ObjectNode node(GroupRule rule, boolean zeroForNone) {
    ObjectNode node =
        JsonBody.object()
            .put("protocol", rule.protocol())
            .put("destination", rule.destination())
            .put("ports", rule.ports());
    put(node, "type", rule.type(), zeroForNone);
    put(node, "code", rule.code(), zeroForNone);
    return node.put("description", rule.description()).put("log", rule.log());
  }

  private static void put(
      ObjectNode node, String key, @Nullable Integer value, boolean zeroForNone) {
    if (value != null) {
      node.put(key, value);
    } else if (zeroForNone) {
      node.put(key, 0);
    }
  }

  /** Reads rules out of an array, whoever wrote it. */
  public static List<GroupRule> readRules(JsonNode array) throws MalformedException {
    List<GroupRule> rules = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      rules.add(
          new GroupRule(
              JsonBody.text(node, "protocol"),
              JsonBody.text(node, "destination"),
              JsonBody.text(node, "ports"),
              numberOrNull(node, "type"),
              numberOrNull(node, "code"),
              JsonBody.text(node, "description"),
              JsonBody.flag(node, "log")));
    }
    return rules;
  }

  private static @Nullable Integer numberOrNull(JsonNode node, String key)
      throws MalformedException {
    return node.hasNonNull(key) ? (Integer) JsonBody.number(node, key, 0) : null;
  }

  /**
   * Returns groups by GUID in their order, when a store must hold them.
   *
   * @param location the store, for the message
   * @throws IllegalArgumentException if a GUID is there twice
   * @throws PolicyRefusedException if the rules of a group are too long
   */
  public static Map<String, BoundSecurityGroup> checked(
      String location, List<BoundSecurityGroup> groups) {
    Map<String, BoundSecurityGroup> byGuid = new LinkedHashMap<>();
    for (BoundSecurityGroup group : groups) {
      if (byGuid.put(group.guid(), group) != null) {
        throw new IllegalArgumentException(
            group.guid() + ": is there twice; give each security group once");
      }
      long bytes = bytes(rules(group.rules()));
      if (bytes > BoundSecurityGroup.MOST_RULE_BYTES) {
        throw new PolicyRefusedException(
            location, new PolicyRefusal.RulesTooLong(group.name(), bytes));
      }
    }
    return byGuid;
  }

  private static long bytes(String text) {
    // A character is three bytes at most, so that few have to be counted.
    return text.length() <= BoundSecurityGroup.MOST_RULE_BYTES / 3
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }

  // Addresses

  /** Returns ranges as both the API and stores have them, each end in canonical text. */
  public static ArrayNode ranges(List<IpRange> ranges) {
    ArrayNode array = JsonBody.object().arrayNode();
    ranges.forEach(
        range ->
            array
                .addObject()
                .put("start", range.first().toString())
                .put("end", range.last().toString()));
    return array;
  }

  /**
   * Reads ranges.
   *
   * @throws MalformedException when an end is no plain address, or the ends are of two families or
   *     the wrong way round
   */
  public static List<IpRange> readRanges(JsonNode array) throws MalformedException {
    List<IpRange> ranges = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      try {
        ranges.add(
            IpRange.of(
                IpAddress.parse(JsonBody.text(node, "start")),
                IpAddress.parse(JsonBody.text(node, "end"))));
      } catch (IllegalArgumentException e) {
        throw new MalformedException(String.valueOf(e.getMessage()));
      }
    }
    return ranges;
  }

  // Texts

  /** Returns texts as an array. */
  public static String texts(Collection<String> texts) {
    ArrayNode array = JsonBody.object().arrayNode();
    texts.forEach(array::add);
    return text(array);
  }

  /** Reads an array of texts. */
  public static List<String> readTexts(JsonNode array) throws MalformedException {
    List<String> texts = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      if (!node.isTextual()) {
        throw new MalformedException(node + ": must be a string");
      }
      texts.add(node.textValue());
    }
    return texts;
  }

  /** Returns a value as text. */
  public static String text(JsonNode node) {
    return new String(JsonBody.bytes(node), StandardCharsets.UTF_8);
  }

  /** Reads a value out of text. */
  public static JsonNode read(String text) throws MalformedException {
    return JsonBody.readAny(text.getBytes(StandardCharsets.UTF_8));
  }
}
