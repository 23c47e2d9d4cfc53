package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How the store and the infrastructure differ about one deployment.
 *
 * @param deployment the deployment's name
 * @param provider the provider that attached it; empty if none did
 * @param drifts the differences, by owner
 */
public record DriftReport(String deployment, String provider, List<Drift> drifts) {

  /**
   * Copies the list.
   *
   * @param deployment the deployment's name
   * @param provider the provider that attached it; empty if none did
   * @param drifts the differences, by owner
   */
  public DriftReport {
    requireNonNull(deployment, "deployment");
    requireNonNull(provider, "provider");
    drifts = List.copyOf(drifts);
  }
}
