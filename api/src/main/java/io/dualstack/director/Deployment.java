package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkSet;
import java.util.List;

/**
 * A checked cloud config and, if one was given, a checked manifest.
 *
 * @param name the deployment's name; empty without a manifest
 * @param networks the cloud config's networks
 * @param groups the manifest's instance groups in order; empty without a manifest
 * @param warnings what is accepted but probably not meant
 */
public record Deployment(
    String name, NetworkSet networks, List<InstanceGroup> groups, List<Diagnostic> warnings) {

  /**
   * Copies the lists.
   *
   * @param name the deployment's name
   * @param networks the cloud config's networks
   * @param groups the manifest's instance groups in order
   * @param warnings what is accepted but probably not meant
   */
  public Deployment {
    requireNonNull(name, "name");
    requireNonNull(networks, "networks");
    groups = List.copyOf(groups);
    warnings = List.copyOf(warnings);
  }
}
