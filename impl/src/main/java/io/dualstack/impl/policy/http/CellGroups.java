package io.dualstack.impl.policy.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.policy.BoundSecurityGroup;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the policy server told an agent last about security groups.
 *
 * @param age how long ago
 * @param failure why it told nothing since; empty if it was not asked since
 * @param spaces those of the cell's containers, which it was asked for; without any it was not
 *     asked, as then there are no groups
 * @param groups those of all spaces and of these
 */
public record CellGroups(
    Duration age, String failure, Set<String> spaces, List<BoundSecurityGroup> groups) {

  /** Copies the collections. */
  public CellGroups {
    spaces = Set.copyOf(spaces);
    groups = List.copyOf(groups);
  }

  /** Returns it as a body; groups are in the words of the internal API. */
  public byte[] write() {
    ObjectNode document = JsonBody.object().put("age_seconds", age.toSeconds());
    if (!failure.isEmpty()) {
      document.put("failure", failure);
    }
    new TreeSet<>(spaces).forEach(document.putArray("space_guids")::add);
    SecurityGroupDocument.put(document, groups);
    return JsonBody.bytes(document);
  }

  static CellGroups read(byte[] body) throws MalformedException {
    JsonNode document = JsonBody.read(body);
    if (!document.has("age_seconds")) {
      throw new MalformedException("age_seconds: is missing");
    }
    return new CellGroups(
        Duration.ofSeconds(Math.max(0, JsonBody.number(document, "age_seconds", 0))),
        JsonBody.text(document, "failure"),
        Set.copyOf(PolicyJson.readTexts(document.path("space_guids"))),
        SecurityGroupDocument.groups(document));
  }
}
