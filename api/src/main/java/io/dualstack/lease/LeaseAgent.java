package io.dualstack.lease;

import io.dualstack.DualstackException;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps a cell in the overlay network. When it starts it takes the lease that the overlay device
 * bears, if there is one and it is still good, and acquires one otherwise. Then every round renews
 * the lease, asks for the others', and changes the device's routes and neighbors to lead to them;
 * and it puts the rules against forged sources back if somebody removed them.
 *
 * <p>While the registry is away everything stays as it is, for as long as the configuration
 * tolerates. Thread-safe; rounds don't overlap.
 */
public interface LeaseAgent extends AutoCloseable {
  /**
   * Returns the cell's lease.
   *
   * @return the same for the life of this agent
   */
  CellLease lease();

  /**
   * Returns where the cell's containers get their addresses from.
   *
   * @return the same for the life of this agent; with the IPv6 prefix only if it is used
   */
  LeasedNetworks networks();

  /**
   * Does a round now, without waiting for the next. What fails in it is logged, and tried again in
   * the next. Costs two calls of the registry and five processes.
   */
  void poll();

  /**
   * Tells when the agent can't go on: the lease was refused, or could not be renewed for longer
   * than tolerated. The cell must be restarted then.
   *
   * @return completes with the reason; a copy, which the agent does not heed
   */
  CompletableFuture<DualstackException> failure();

  /**
   * Ends the agent, and gives up the lease and the overlay device. Both are tried. Repeating it is
   * no error.
   *
   * @throws DualstackException the first failure, with the other as suppressed
   */
  void leave();

  /**
   * Ends the rounds. Device and lease stay, so that containers don't notice and the next agent
   * finds them. Closing twice is closing once.
   */
  @Override
  void close();
}
