package io.dualstack.firewall;

import io.dualstack.net.IpPrefix;
import java.util.List;

/**
 * Networks of both families that containers never reach, whatever their security groups say.
 *
 * @param always for every container
 * @param running for containers that run an application or task
 * @param staging for containers that build one
 */
public record DenyNetworks(List<IpPrefix> always, List<IpPrefix> running, List<IpPrefix> staging) {
  /** No network. */
  public static final DenyNetworks NONE = new DenyNetworks(List.of(), List.of(), List.of());

  /**
   * Copies the lists.
   *
   * @param always for every container
   * @param running for containers that run an application or task
   * @param staging for containers that build one
   * @throws IllegalArgumentException when one is IPv4 in IPv6's notation, which meets no packet
   */
  public DenyNetworks {
    always = always.stream().map(IpPrefix::requireNative).toList();
    running = running.stream().map(IpPrefix::requireNative).toList();
    staging = staging.stream().map(IpPrefix::requireNative).toList();
  }

  /**
   * {@return the networks for one lifecycle, beside those for every container}
   *
   * @param lifecycle the lifecycle
   */
  public List<IpPrefix> of(Lifecycle lifecycle) {
    return switch (lifecycle) {
      case RUNNING -> running;
      case STAGING -> staging;
    };
  }
}
