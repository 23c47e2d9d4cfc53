package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.PlannedAction;
import java.util.List;

/**
 * What applying a deployment does, or did.
 *
 * @param deployment the deployment's name; empty without a manifest
 * @param provider the provider's name; empty for none
 * @param revision the store's revision it was made from, or committed as
 * @param instances the instances in the order of the manifest, then those to be released
 * @param nicsAttached how many NICs the provider attached or changed; 0 in a plan
 * @param nicsDetached how many NICs the provider detached; 0 in a plan
 * @param warnings what is accepted but probably not meant
 */
public record DeploymentPlan(
    String deployment,
    String provider,
    long revision,
    List<PlannedInstance> instances,
    int nicsAttached,
    int nicsDetached,
    List<Diagnostic> warnings) {

  /**
   * Copies the lists.
   *
   * @param deployment the deployment's name
   * @param provider the provider's name
   * @param revision the store's revision it was made from, or committed as
   * @param instances the instances in the order of the manifest, then those to be released
   * @param nicsAttached how many NICs the provider attached or changed
   * @param nicsDetached how many NICs the provider detached
   * @param warnings what is accepted but probably not meant
   */
  public DeploymentPlan {
    requireNonNull(deployment, "deployment");
    requireNonNull(provider, "provider");
    instances = List.copyOf(instances);
    warnings = List.copyOf(warnings);
  }

  /**
   * Counts the networks of all instances with one action.
   *
   * @param action the action
   * @return how many
   */
  public long count(PlannedAction action) {
    return instances.stream()
        .flatMap(instance -> instance.networks().stream())
        .filter(network -> network.action() == action)
        .count();
  }

  /**
   * Returns whether everything already is as it should be.
   *
   * @return true if every network is kept and no NIC changes
   */
  public boolean isUnchanged() {
    return nicsAttached == 0
        && nicsDetached == 0
        && instances.stream()
            .flatMap(instance -> instance.networks().stream())
            .allMatch(network -> network.action() == PlannedAction.KEPT);
  }
}
