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
   * Checks that networks fit the infrastructure, before anything is touched: a prefix length or a
   * chooser that it doesn't support, a subnet that hasn't a single block to hand out, and whatever
   * else it knows about.
   *
   * @param networks the networks
   * @return what doesn't fit, with the path {@code networks.NAME.subnets[INDEX].…}, as errors; what
   *     is probably not meant, as warnings; empty if all fits
   */
  List<Diagnostic> verify(NetworkSet networks);

  /**
   * Makes NICs as they are asked for: attaches what is missing, detaches from them what is not
   * asked for. Each NIC is all or nothing; asking again for what is there changes nothing, and a
   * block to be chosen is the one that was chosen before. The requests are served in their order,
   * so that a block that one NIC gives up can be had by a later one. A call that was cut off is
   * finished by asking again.
   *
   * <p>A NIC fails with {@link io.dualstack.ProviderException.Reason#NOT_SUPPORTED} before anything
   * of it is touched if it asks for more than the {@link Capabilities}; with {@link
   * io.dualstack.ProviderException.Reason#CONFLICT}, naming the holder, if another NIC has one of
   * its blocks or a part of one, or if another life of its owner has the NIC; with {@link
   * io.dualstack.ProviderException.Reason#EXHAUSTED} if there is nothing left to choose.
   *
   * @param requests the NICs; thousands are ordinary
   * @return how each ended, in the order of the requests
   */
  List<AttachOutcome> attach(List<NicRequest> requests);

  /**
   * Detaches NICs with all their addresses and prefixes. What is not there is passed over, and so
   * is what another life of the owner has by now. When this returns, no machine uses their
   * addresses any more.
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

  /**
   * Ends the session; what is attached stays attached. Closing twice is closing once. Every other
   * method throws {@link IllegalStateException} from then on.
   */
  @Override
  void close();
}
