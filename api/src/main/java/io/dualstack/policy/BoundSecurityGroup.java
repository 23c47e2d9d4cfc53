package io.dualstack.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A security group and the spaces it applies to.
 *
 * @param guid its GUID, 1 to 36 characters
 * @param name its name, at most 255 characters
 * @param rules its rules in the order they were written
 * @param stagingDefault whether it applies to every space while applications are staged
 * @param runningDefault whether it applies to every space while applications run
 * @param stagingSpaces the GUIDs of the spaces it is bound to for staging, sorted
 * @param runningSpaces the GUIDs of the spaces it is bound to for running, sorted
 */
public record BoundSecurityGroup(
    String guid,
    String name,
    List<GroupRule> rules,
    boolean stagingDefault,
    boolean runningDefault,
    Set<String> stagingSpaces,
    Set<String> runningSpaces) {

  /** The most bytes of a group's rules as JSON in UTF-8, which is what the usual column holds. */
  public static final int MOST_RULE_BYTES = (1 << 24) - 1;

  private static final int LONGEST_GUID = 36;
  private static final int LONGEST_NAME = 255;

  /**
   * Checks GUID and name, and copies the rest.
   *
   * @param guid its GUID, 1 to 36 characters
   * @param name its name, at most 255 characters
   * @param rules its rules in the order they were written
   * @param stagingDefault whether it applies to every space while applications are staged
   * @param runningDefault whether it applies to every space while applications run
   * @param stagingSpaces the GUIDs of the spaces it is bound to for staging
   * @param runningSpaces the GUIDs of the spaces it is bound to for running
   * @throws IllegalArgumentException when the GUID is empty, or a text too long
   */
  public BoundSecurityGroup {
    if (guid.isEmpty() || guid.length() > LONGEST_GUID) {
      throw new IllegalArgumentException(
          "\"%s\": has %d characters; the GUID of a security group has 1 to %d"
              .formatted(guid, guid.length(), LONGEST_GUID));
    }
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "\"%s\": has %d characters; the name of a security group has at most %d"
              .formatted(name, name.length(), LONGEST_NAME));
    }
    rules = List.copyOf(rules);
    stagingSpaces = sorted(stagingSpaces);
    runningSpaces = sorted(runningSpaces);
  }

  private static Set<String> sorted(Set<String> spaces) {
    return Collections.unmodifiableSet(new TreeSet<>(spaces));
  }

  /**
   * {@return whether it applies to one of some spaces, or to all}
   *
   * @param spaces the GUIDs of the spaces
   */
  public boolean appliesTo(Collection<String> spaces) {
    return stagingDefault
        || runningDefault
        || spaces.stream()
            .anyMatch(space -> stagingSpaces.contains(space) || runningSpaces.contains(space));
  }
}
