package io.dualstack.impl.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.firewall.BoundSecurityGroup;

/**
 * A security group and its rules as they are written, for those who show them.
 *
 * @param bound the group and its spaces
 * @param rules its rules: an array
 */
public record WrittenGroup(BoundSecurityGroup bound, JsonNode rules) {
  /** Returns the group's name. */
  public String name() {
    return bound.group().name();
  }
}
