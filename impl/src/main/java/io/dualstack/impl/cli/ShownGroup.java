package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.impl.firewall.WrittenGroup;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import java.util.EnumSet;
import java.util.Set;

/**
 * A security group as it is shown.
 *
 * @param rules an array, in the words of the {@code cf} command line
 * @param defaultFor in which lifecycles it is for all spaces
 */
record ShownGroup(
    String name,
    JsonNode rules,
    Set<Lifecycle> defaultFor,
    Set<String> runningSpaces,
    Set<String> stagingSpaces) {

  /** Out of a file. */
  static ShownGroup of(WrittenGroup written) {
    return new ShownGroup(
        written.name(),
        written.rules(),
        written.bound().group().defaultFor(),
        written.bound().runningSpaces(),
        written.bound().stagingSpaces());
  }

  /** As a policy server tells it, which gives every rule all members. */
  static ShownGroup of(BoundSecurityGroup told) {
    Set<Lifecycle> defaultFor = EnumSet.noneOf(Lifecycle.class);
    if (told.runningDefault()) {
      defaultFor.add(Lifecycle.RUNNING);
    }
    if (told.stagingDefault()) {
      defaultFor.add(Lifecycle.STAGING);
    }
    return new ShownGroup(
        told.name().isEmpty() ? told.guid() : told.name(),
        Json.array(told.rules().stream().map(ShownGroup::rule).toList()),
        defaultFor,
        told.runningSpaces(),
        told.stagingSpaces());
  }

  private static ObjectNode rule(GroupRule rule) {
    ObjectNode node =
        Json.object().put("protocol", rule.protocol()).put("destination", rule.destination());
    if (!rule.ports().isEmpty()) {
      node.put("ports", rule.ports());
    }
    if (rule.protocol().startsWith("icmp")) {
      node.put("type", rule.type()).put("code", rule.code());
    }
    if (!rule.description().isEmpty()) {
      node.put("description", rule.description());
    }
    return rule.log() ? node.put("log", true) : node;
  }

  /** Returns the spaces that it is bound to. */
  Set<String> spaces(Lifecycle lifecycle) {
    return lifecycle == Lifecycle.RUNNING ? runningSpaces : stagingSpaces;
  }
}
