package io.dualstack.impl.policy.http;

import static io.dualstack.impl.http.JsonBody.flag;
import static io.dualstack.impl.http.JsonBody.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.SecurityGroupPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A page of security groups in the words of the internal API, where the rules of a group are text
 * that holds JSON.
 */
final class SecurityGroupDocument {

  private SecurityGroupDocument() {}

  static byte[] write(SecurityGroupPage page) {
    ObjectNode document = JsonBody.object().put("next", page.next());
    put(document, page.groups());
    return JsonBody.bytes(document);
  }

  /** Adds groups to a document. */
  static void put(ObjectNode document, List<BoundSecurityGroup> groups) {
    ArrayNode array = document.putArray("security_groups");
    for (BoundSecurityGroup group : groups) {
      ObjectNode node =
          array
              .addObject()
              .put("guid", group.guid())
              .put("name", group.name())
              .put("rules", PolicyJson.rulesOnTheWire(group.rules()))
              .put("staging_default", group.stagingDefault())
              .put("running_default", group.runningDefault());
      group.stagingSpaces().forEach(node.putArray("staging_space_guids")::add);
      group.runningSpaces().forEach(node.putArray("running_space_guids")::add);
    }
  }

  static SecurityGroupPage read(byte[] body) throws MalformedException {
    JsonNode document = JsonBody.read(body);
    List<BoundSecurityGroup> groups = groups(document);
    JsonNode next = document.path("next");
    if (!next.isIntegralNumber() || !next.canConvertToLong()) {
      throw new MalformedException("next: must be a whole number");
    }
    return new SecurityGroupPage(groups, next.longValue());
  }

  /** Reads the groups of a document. */
  static List<BoundSecurityGroup> groups(JsonNode document) throws MalformedException {
    List<BoundSecurityGroup> groups = new ArrayList<>();
    for (JsonNode node : JsonBody.array(document, "security_groups")) {
      try {
        groups.add(
            new BoundSecurityGroup(
                text(node, "guid"),
                text(node, "name"),
                PolicyJson.readRules(PolicyJson.read(text(node, "rules"))),
                flag(node, "staging_default"),
                flag(node, "running_default"),
                spaces(node, "staging_space_guids"),
                spaces(node, "running_space_guids")));
      } catch (IllegalArgumentException e) {
        throw new MalformedException(String.valueOf(e.getMessage()));
      }
    }
    return groups;
  }

  private static Set<String> spaces(JsonNode node, String key) throws MalformedException {
    return new TreeSet<>(PolicyJson.readTexts(node.path(key)));
  }
}
