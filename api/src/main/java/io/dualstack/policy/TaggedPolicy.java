package io.dualstack.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy with the tags of the applications in it.
 *
 * @param policy the policy
 * @param sourceTag the tag of the source
 * @param tagOfDestination the tag of the destination; null when it is no application
 */
public record TaggedPolicy(
    NetworkPolicy policy, PolicyTag sourceTag, @Nullable PolicyTag tagOfDestination) {

  /**
   * Checks that an application has a tag, and addresses have none.
   *
   * @param policy the policy
   * @param sourceTag the tag of the source
   * @param tagOfDestination the tag of the destination; null when it is no application
   * @throws IllegalArgumentException when it is otherwise
   */
  public TaggedPolicy {
    if (policy.destination() instanceof PolicyDestination.App != (tagOfDestination != null)) {
      throw new IllegalArgumentException(
          "%s: %s: applications have a tag, and addresses none"
              .formatted(policy, tagOfDestination));
    }
  }

  /** {@return the tag of the destination; empty when it is no application} */
  public Optional<PolicyTag> destinationTag() {
    return Optional.ofNullable(tagOfDestination);
  }
}
