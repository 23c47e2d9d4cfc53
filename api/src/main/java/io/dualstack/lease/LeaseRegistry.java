package io.dualstack.lease;

import io.dualstack.net.IpAddress;
import java.util.List;

/**
 * Hands out shares of the overlay network to cells and remembers who holds what. No two leases ever
 * overlap, nor share a cell or a hardware address, however many callers, processes and crashes
 * there are.
 *
 * <p>A lease is active until its expiry has passed since it was renewed last. An expired lease
 * still belongs to its cell, which gets it back when it asks, until somebody else needs it.
 *
 * <p>Thread-safe. Times are those of the registry's clock, in whole seconds. Every method throws
 * {@link io.dualstack.StoreUnavailableException} when the registry can't be reached.
 */
public interface LeaseRegistry {

  /**
   * Returns the cell's lease, which is a new one unless the cell has one already. A lease that the
   * cell has is returned as it is: of whatever kind, expired or not, and without renewing it; but
   * one that is no member of the pool any more is given up for a new one.
   *
   * <p>A new lease is a random free one; when none is free, the one of the same kind that expired
   * first.
   *
   * @param underlayIp the cell's address in the network beneath
   * @param kind how much of the overlay network, if the cell has no lease yet
   * @return the cell's lease
   * @throws IllegalArgumentException if the address is not IPv4
   * @throws io.dualstack.PoolExhaustedException if all of the kind are held and none has expired
   */
  CellLease acquire(IpAddress underlayIp, LeaseKind kind);

  /**
   * Says that a cell still uses its lease. When the registry knows none of the cell, it takes the
   * lease down as the cell claims it, so that cells survive a registry that lost its memory.
   *
   * <p>A registry may write renewals down to a thousandth of the expiry, and count a lease as
   * expired that much earlier.
   *
   * @param lease the lease as the cell knows it
   * @throws io.dualstack.LeaseConflictException if the registry knows another lease of this cell,
   *     or the claimed one is held by another cell or no member of the pool; asking again won't
   *     help
   */
  void renew(CellLease lease);

  /**
   * Gives up whatever lease a cell has. Releasing none is no error.
   *
   * @param underlayIp the cell's address in the network beneath
   */
  void release(IpAddress underlayIp);

  /**
   * Returns the leases that have not expired, in the order of subnets. Costs as much as there are
   * leases.
   *
   * @return an unmodifiable list
   */
  List<CellLease> leases();
}
