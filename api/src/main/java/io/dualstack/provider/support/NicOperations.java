package io.dualstack.provider.support;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import java.util.List;
import java.util.Optional;

/**
 * The primitive operations of an infrastructure. Implementations are thread-safe: NICs are worked
 * on side by side, though never one NIC by two threads. Each method retries by itself what is worth
 * a retry, and throws {@link io.dualstack.ProviderException} for everything else; which requests
 * come when, what is undone, and what is remembered is up to {@link ReconcilingSession}.
 *
 * <p>An infrastructure that lags behind its own changes is waited for here: what a method reports
 * done is seen by the next call.
 *
 * <p>Five methods must be written: {@link #pools}, {@link #all}, {@link #create}, {@link #change}
 * and {@link #delete}. What the others do unless overridden is right for an infrastructure that has
 * nothing to add to the capabilities' checks and that can list its NICs fast.
 */
public interface NicOperations extends AutoCloseable {

  /**
   * Returns the infrastructure's subnets.
   *
   * @return the pools, in any order
   */
  List<ProviderPool> pools();

  /**
   * Checks networks against what the infrastructure really has; what the capabilities say is
   * checked already.
   *
   * @param networks the networks
   * @return findings as {@link io.dualstack.provider.ProviderSession#verify} describes them; none
   *     unless overridden
   */
  default List<Diagnostic> verify(NetworkSet networks) {
    return List.of();
  }

  /**
   * Checks a request before anything is touched: cloud properties that are missing or don't agree.
   * Contacts nobody. Finds nothing wrong unless overridden.
   *
   * @param request a request within the capabilities
   * @throws io.dualstack.ProviderException with {@link
   *     io.dualstack.ProviderException.Reason#REFUSED}, naming the network and the property
   */
  default void check(NicRequest request) {}

  /**
   * Returns all NICs that carry an identity of this foundation, half-made ones too.
   *
   * @return the NICs, in any order
   */
  List<InfrastructureNic> all();

  /**
   * Finds a NIC by its identity; among {@link #all} unless overridden, which costs time with their
   * number for each NIC that is worked on.
   *
   * @param identity whose
   * @return the NIC, finished or half-made; empty if there is none
   */
  default Optional<InfrastructureNic> find(NicIdentity identity) {
    return all().stream().filter(nic -> nic.owned().equals(Optional.of(identity))).findFirst();
  }

  /**
   * Finds the NIC, of this foundation or of somebody else, that has a block or a part of it; among
   * {@link #all} unless overridden. Asked only after a conflict.
   *
   * @param request the request that met the conflict
   * @param block the block
   * @return the holder; empty if it can't be told
   */
  default Optional<InfrastructureNic> holder(NicRequest request, IpPrefix block) {
    return all().stream()
        .filter(nic -> nic.blocks().stream().anyMatch(block::overlaps))
        .findFirst();
  }

  /**
   * Makes a NIC with all its blocks, choosing those that are open. The NIC carries its identity
   * from the call that makes it. If a later call fails, the NIC may stay behind half-made: whoever
   * calls this undoes it.
   *
   * @param request what is asked for
   * @param token the same for each try of the same request, to be given to the infrastructure as
   *     its idempotency token: 32 lower case hexadecimal digits
   * @return the NIC as it is now
   * @throws io.dualstack.ProviderException with {@code CONFLICT} if a block is in use, {@code
   *     EXHAUSTED} if there is nothing left to choose, or another reason
   */
  InfrastructureNic create(NicRequest request, String token);

  /**
   * Takes blocks off a NIC, then puts others on it. May fail half-way.
   *
   * @param nic the NIC as it was last seen
   * @param request what is asked for
   * @param gone blocks to take off
   * @param more blocks to put on, chosen or open
   * @return the NIC as it is now
   * @throws io.dualstack.ProviderException as {@link #create}
   */
  InfrastructureNic change(
      InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more);

  /**
   * Gives an identity to a NIC that carries none, and changes nothing else of it. Asked only where
   * {@link ReconcilingOptions#adopt} is chosen.
   *
   * @param nic the NIC
   * @param request whose it is from now on
   * @return the NIC as it is now
   * @throws UnsupportedOperationException unless overridden
   */
  default InfrastructureNic adopt(InfrastructureNic nic, NicRequest request) {
    throw new UnsupportedOperationException("adopting NICs was chosen, so override adopt");
  }

  /**
   * Takes the identity off a NIC, and changes nothing else of it.
   *
   * @param nic a NIC that was adopted
   * @throws UnsupportedOperationException unless overridden
   */
  default void disown(InfrastructureNic nic) {
    throw new UnsupportedOperationException("NICs were adopted, so override disown");
  }

  /**
   * Removes a NIC with all its blocks; detaches it from its machine before, if it must. One that is
   * gone is no error. When this returns its blocks can be used by another.
   *
   * @param nic the NIC
   */
  void delete(InfrastructureNic nic);

  /** Closes connections; there are none unless it is overridden. Closing twice is closing once. */
  @Override
  default void close() {}
}
