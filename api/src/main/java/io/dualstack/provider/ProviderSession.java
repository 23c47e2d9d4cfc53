package io.dualstack.provider;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import java.util.Collection;
import java.util.List;

/**
 * An open provider. Thread-safe. Every method throws {@link io.dualstack.ProviderException} when
 * the infrastructure fails or refuses as a whole.
 */
public interface ProviderSession extends AutoCloseable {

  /**
   * Returns the infrastructure's subnets.
   *
   * @return an unmodifiable list, in order of identifier
   */
  List<ProviderPool> pools();

  /**
   * Checks that networks fit the infrastructure, before anything is touched.
   *
   * @param networks the networks
   * @return what doesn't fit, with the path {@code networks.NAME.…}; empty if all does
   */
  List<Diagnostic> verify(NetworkSet networks);

  /**
   * Makes NICs as they are asked for: attaches what is missing, detaches from them what is not
   * asked for. Each NIC is all or nothing; asking again for what is there changes nothing. A call
   * that was cut off is finished by asking again.
   *
   * @param requests the NICs
   * @return how each ended, in the order of the requests
   */
  List<AttachOutcome> attach(List<NicRequest> requests);

  /**
   * Detaches NICs with all their addresses and prefixes. What is not there is passed over. When
   * this returns, no machine uses their addresses any more.
   *
   * @param nics the NICs
   */
  void detach(Collection<AttachedNic> nics);

  /**
   * Returns the NICs of a scope's machines.
   *
   * @param scope whose
   * @return an unmodifiable list, in order of owner and NIC
   */
  List<AttachedNic> attached(OwnerScope scope);

  /** Ends the session. Closing twice is closing once. */
  @Override
  void close();
}
