package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.host.VmNetwork;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a plan.
 *
 * @param id the instance
 * @param incarnation which life of the instance holds its addresses; empty if it holds none
 * @param zone the availability zone; null when there is none
 * @param networks its networks in the order of the manifest
 * @param settings what its provider and agent are told; empty when it is released, or while the
 *     infrastructure has yet to choose
 * @param enableIpv6 whether its agent is told to switch IPv6 on in the kernel
 */
public record PlannedInstance(
    InstanceId id,
    String incarnation,
    @Nullable String zone,
    List<PlannedNetwork> networks,
    List<VmNetwork> settings,
    boolean enableIpv6) {

  /**
   * Copies the lists.
   *
   * @param id the instance
   * @param incarnation which life of the instance holds its addresses
   * @param zone the availability zone
   * @param networks its networks in the order of the manifest
   * @param settings what its provider and agent are told
   * @param enableIpv6 whether its agent is told to switch IPv6 on in the kernel
   */
  public PlannedInstance {
    requireNonNull(id, "id");
    requireNonNull(incarnation, "incarnation");
    networks = List.copyOf(networks);
    settings = List.copyOf(settings);
  }
}
