package io.dualstack.firewall;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A named list of what containers may reach. What no rule of any group lets through is rejected.
 *
 * @param name its name, 1 to 250 characters
 * @param rules its rules in the order they were written
 * @param defaultFor the lifecycles for which it applies to every space
 */
public record SecurityGroup(String name, List<SecurityGroupRule> rules, Set<Lifecycle> defaultFor) {
  /** The most characters in a name. */
  public static final int LONGEST_NAME = 250;

  /**
   * Checks the name.
   *
   * @param name its name, 1 to 250 characters
   * @param rules its rules in the order they were written
   * @param defaultFor the lifecycles for which it applies to every space
   * @throws IllegalArgumentException when the name is empty or too long
   */
  public SecurityGroup {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "\"%s\": has %d characters; use 1 to %d".formatted(name, name.length(), LONGEST_NAME));
    }
    rules = List.copyOf(rules);
    EnumSet<Lifecycle> copy = EnumSet.noneOf(Lifecycle.class);
    copy.addAll(defaultFor);
    defaultFor = Collections.unmodifiableSet(copy);
  }
}
