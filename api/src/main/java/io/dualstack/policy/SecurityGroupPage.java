package io.dualstack.policy;

import java.util.List;

/**
 * Some of the security groups that were asked for.
 *
 * @param groups the groups, in the order in which they came to the store
 * @param next where the next page begins; 0 when this is the last one
 */
public record SecurityGroupPage(List<BoundSecurityGroup> groups, long next) {
  /**
   * Copies the groups.
   *
   * @param groups the groups
   * @param next where the next page begins; 0 when this is the last one
   */
  public SecurityGroupPage {
    groups = List.copyOf(groups);
  }
}
