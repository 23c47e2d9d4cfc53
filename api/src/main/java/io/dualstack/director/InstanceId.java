package io.dualstack.director;

import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One instance of an instance group. As an {@link Owner} it is {@code deployment/group/index}.
 *
 * @param deployment the deployment's name
 * @param group the instance group's name
 * @param index its number in the group, from 0
 */
public record InstanceId(String deployment, String group, int index)
    implements Comparable<InstanceId> {

  private static final Pattern OWNER = Pattern.compile("([^/]+)/([^/]+)/([0-9]{1,9})");
  private static final Pattern NAME = Pattern.compile("[^/\\p{Cntrl}]+");

  /**
   * Checks that the names have no slash and the index isn't negative.
   *
   * @param deployment the deployment's name
   * @param group the instance group's name
   * @param index its number in the group, from 0
   */
  public InstanceId {
    if (!NAME.matcher(deployment).matches()) {
      throw new IllegalArgumentException(
          "deployment: \"" + deployment + "\" is empty or has a / or a control character");
    }
    if (!NAME.matcher(group).matches()) {
      throw new IllegalArgumentException(
          "instance group: \"" + group + "\" is empty or has a / or a control character");
    }
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " is negative; count from 0");
    }
  }

  /**
   * Returns the instance that an owner stands for.
   *
   * @param owner the owner
   * @return the instance; empty if the owner is none
   */
  public static Optional<InstanceId> of(Owner owner) {
    Matcher matcher = OWNER.matcher(owner.id());
    return matcher.matches()
        ? Optional.of(
            new InstanceId(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /**
   * Returns the scope of all instances of a deployment.
   *
   * @param deployment the deployment's name
   * @return the scope
   */
  public static OwnerScope scopeOf(String deployment) {
    return OwnerScope.below(deployment);
  }

  /**
   * Returns the owner that stands for this instance.
   *
   * @return {@code deployment/group/index}
   */
  public Owner owner() {
    return new Owner(deployment + "/" + group + "/" + index);
  }

  /**
   * Returns the name within the deployment.
   *
   * @return {@code group/index}
   */
  public String shortName() {
    return group + "/" + index;
  }

  @Override
  public int compareTo(InstanceId other) {
    int order = deployment.compareTo(other.deployment);
    if (order == 0) {
      order = group.compareTo(other.group);
    }
    return order == 0 ? Integer.compare(index, other.index) : order;
  }

  /** Returns {@code deployment/group/index}. */
  @Override
  public String toString() {
    return deployment + "/" + shortName();
  }
}
