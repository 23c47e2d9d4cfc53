package io.dualstack;

import io.dualstack.lease.CellLease;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cell claims a lease that it can't have: the registry knows another one of this cell, or the
 * claimed one is another cell's, or none at all. The same claim will always be refused.
 */
public final class LeaseConflictException extends DualstackException {

  private static final long serialVersionUID = 1L;

  private final transient CellLease claimed;
  private final transient @Nullable CellLease held;

  /**
   * Creates the exception.
   *
   * @param claimed the lease as the cell knows it
   * @param held the lease in its way; null when there is none, or it is not known
   * @param message the claim, what is wrong with it, and what to do
   */
  public LeaseConflictException(CellLease claimed, @Nullable CellLease held, String message) {
    super(message, null);
    this.claimed = claimed;
    this.held = held;
  }

  /**
   * Returns the lease as the cell knows it.
   *
   * @return the lease
   */
  public CellLease claimed() {
    return claimed;
  }

  /**
   * Returns the lease in the way of the claim.
   *
   * @return the lease; empty when there is none, or it is not known on this side
   */
  public Optional<CellLease> held() {
    return Optional.ofNullable(held);
  }
}
