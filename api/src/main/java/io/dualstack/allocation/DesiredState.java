package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What should be: the networks as they are defined from now on, and everything the owners of one
 * scope want. What an owner in the scope holds beyond that is given up.
 *
 * @param networks the networks
 * @param scope whose blocks this is about
 * @param requests what the owners of the scope want, in the order they are served
 */
public record DesiredState(
    NetworkSet networks, OwnerScope scope, List<AllocationRequest> requests) {

  /**
   * Checks that every request is of the scope, and no owner asks twice.
   *
   * @param networks the networks
   * @param scope whose blocks this is about
   * @param requests what the owners of the scope want, in the order they are served
   */
  public DesiredState {
    requireNonNull(networks, "networks");
    requests = List.copyOf(requests);
    Set<Owner> seen = new HashSet<>();
    for (AllocationRequest request : requests) {
      if (!scope.contains(request.owner())) {
        throw new IllegalArgumentException(
            request.owner() + ": is outside the scope \"" + scope.path() + "\"");
      }
      if (!seen.add(request.owner())) {
        throw new IllegalArgumentException(request.owner() + ": asks twice; ask once");
      }
    }
  }
}
