package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An instance group of a manifest, as far as networks are concerned.
 *
 * @param name the name
 * @param instances how many instances
 * @param zones the availability zones its instances are spread over; empty for none
 * @param networks its networks in the order of the manifest; at least one
 * @param enableIpv6 whether its instances' agents are told to switch IPv6 on in the kernel
 */
public record InstanceGroup(
    String name, int instances, List<String> zones, List<NetworkUse> networks, boolean enableIpv6) {

  /**
   * Copies the lists and checks that there is a network.
   *
   * @param name the name
   * @param instances how many instances
   * @param zones the availability zones its instances are spread over
   * @param networks its networks in the order of the manifest
   * @param enableIpv6 whether its instances' agents are told to switch IPv6 on in the kernel
   */
  public InstanceGroup {
    requireNonNull(name, "name");
    zones = List.copyOf(zones);
    networks = List.copyOf(networks);
    if (instances < 0) {
      throw new IllegalArgumentException(name + ": instances: " + instances + " is negative");
    }
    if (networks.isEmpty()) {
      throw new IllegalArgumentException(name + ": an instance group needs at least one network");
    }
  }
}
