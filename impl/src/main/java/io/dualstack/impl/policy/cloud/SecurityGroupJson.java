package io.dualstack.impl.policy.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.policy.BoundSecurityGroup;
import java.util.Set;
import java.util.TreeSet;

/** A security group as Cloud Controller's API tells it. Destinations are not looked at. */
final class SecurityGroupJson {

  private SecurityGroupJson() {}

  static BoundSecurityGroup read(JsonNode group) throws MalformedException {
    JsonNode enabled = group.path("globally_enabled");
    JsonBody.array(group, "rules");
    try {
      return new BoundSecurityGroup(
          JsonBody.text(group, "guid"),
          JsonBody.text(group, "name"),
          PolicyJson.readRules(group.path("rules")),
          JsonBody.flag(enabled, "staging"),
          JsonBody.flag(enabled, "running"),
          spaces(group, "staging_spaces"),
          spaces(group, "running_spaces"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Set<String> spaces(JsonNode group, String key) throws MalformedException {
    Set<String> spaces = new TreeSet<>();
    for (JsonNode space : JsonBody.array(group.path("relationships").path(key), "data")) {
      String guid = JsonBody.text(space, "guid");
      if (guid.isEmpty()) {
        throw new MalformedException(
            "%s: relationships.%s: an entry has no guid"
                .formatted(JsonBody.text(group, "name"), key));
      }
      spaces.add(guid);
    }
    return spaces;
  }
}
