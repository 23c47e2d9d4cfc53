package io.dualstack.lease;

import io.dualstack.net.IpPrefix;

/** How much of the overlay network a lease holds. */
public enum LeaseKind {
  /** A block from which the cell's containers get their addresses. */
  BLOCK,
  /** One address, for a machine that takes part in the overlay network but runs no containers. */
  SINGLE_ADDRESS;

  /**
   * Tells the kind of a subnet by its length, as the lease format does.
   *
   * @param overlaySubnet the subnet
   * @return {@link #SINGLE_ADDRESS} for a subnet of one address
   */
  public static LeaseKind of(IpPrefix overlaySubnet) {
    return overlaySubnet.isSingle() ? SINGLE_ADDRESS : BLOCK;
  }
}
