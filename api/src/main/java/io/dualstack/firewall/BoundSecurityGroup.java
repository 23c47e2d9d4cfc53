package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * A security group and the spaces it is bound to.
 *
 * @param guid its identity: a group counts once for a container, however it came to it
 * @param group its name, rules and the lifecycles for which it is a default
 * @param runningSpaces spaces whose applications and tasks it applies to
 * @param stagingSpaces spaces in which it applies while applications are built
 */
public record BoundSecurityGroup(
    String guid, SecurityGroup group, Set<String> runningSpaces, Set<String> stagingSpaces) {
  /**
   * Copies the sets.
   *
   * @param guid its identity
   * @param group its name, rules and the lifecycles for which it is a default
   * @param runningSpaces spaces whose applications and tasks it applies to
   * @param stagingSpaces spaces in which it applies while applications are built
   */
  public BoundSecurityGroup {
    requireNonNull(guid, "guid");
    requireNonNull(group, "group");
    runningSpaces = Set.copyOf(runningSpaces);
    stagingSpaces = Set.copyOf(stagingSpaces);
  }

  /**
   * {@return whether it applies to a container: as a default of what that does, or by its space}
   *
   * @param workload what the container is there for
   */
  public boolean appliesTo(Workload workload) {
    return workload
        .lifecycle()
        .filter(
            lifecycle ->
                group.defaultFor().contains(lifecycle)
                    || (!workload.space().isEmpty()
                        && spaces(lifecycle).contains(workload.space())))
        .isPresent();
  }

  private Set<String> spaces(Lifecycle lifecycle) {
    return switch (lifecycle) {
      case RUNNING -> runningSpaces;
      case STAGING -> stagingSpaces;
    };
  }
}
