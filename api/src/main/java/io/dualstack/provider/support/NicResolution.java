package io.dualstack.provider.support;

import static java.util.Objects.requireNonNull;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks one request against what can be known without the infrastructure, and finds which of its
 * open blocks the NIC already has. Changes nothing.
 */
public final class NicResolution {
  /** Knows which NICs have which blocks. */
  @FunctionalInterface
  public interface Holders {

    /**
     * Finds a NIC that has a block or a part of one.
     *
     * @param block the block
     * @param except the NIC that is not looked for
     * @return one; empty if there is none
     */
    Optional<AttachedNic> find(IpPrefix block, NicIdentity except);
  }

  private final String provider;
  private final Capabilities capabilities;
  private final NetworkSet networks;
  private final Holders holders;

  /**
   * Creates a resolution.
   *
   * @param provider the provider's name, for messages
   * @param capabilities what the infrastructure can do
   * @param networks the networks as they are defined now
   * @param holders finds the NIC that has a block or a part of one
   */
  public NicResolution(
      String provider, Capabilities capabilities, NetworkSet networks, Holders holders) {
    this.provider = provider;
    this.capabilities = capabilities;
    this.networks = networks;
    this.holders = holders;
  }

  /**
   * Returns the blocks of a request, with those that the NIC had before in place of open ones.
   *
   * @param request the request
   * @param before the NIC as it was last recorded; null if it wasn't
   * @return the blocks in the order of the request; open where the NIC had none
   * @throws ProviderException with {@link Reason#NOT_SUPPORTED} if the request asks for more than
   *     the capabilities, {@link Reason#CONFLICT} if another life of the machine has the NIC or
   *     another NIC has a block, {@link Reason#REFUSED} if a block is outside its network or
   *     overlaps another of the same NIC
   */
  public List<NicBlock> resolve(NicRequest request, @Nullable AttachedNic before) {
    capabilities
        .refuse(request)
        .ifPresent(
            refusal -> {
              throw failure(request, Reason.NOT_SUPPORTED, false, refusal);
            });
    if (before != null) {
      checkLife(request, before.incarnation());
    }
    List<IpPrefix> taken = new ArrayList<>();
    List<NicBlock> blocks = new ArrayList<>(request.blocks().size());
    for (NicBlock wanted : request.blocks()) {
      NicBlock block = wanted.block() == null ? hadBefore(wanted, before, taken) : wanted;
      if (block.block() != null) {
        checkFree(request, block, taken);
        taken.add(block.block());
      }
      blocks.add(block);
    }
    return Collections.unmodifiableList(blocks);
  }

  /**
   * Checks that no other life of the machine has the NIC.
   *
   * @param request the request
   * @param incarnation which life has it
   * @throws ProviderException with {@link Reason#CONFLICT} if it is another
   */
  public void checkLife(NicRequest request, String incarnation) {
    if (!incarnation.equals(request.incarnation())) {
      throw failure(
          request,
          Reason.CONFLICT,
          true,
          "life \"%s\" of the machine still has the NIC; detach that one before attaching \"%s\""
              .formatted(incarnation, request.incarnation()));
    }
  }

  private NicBlock hadBefore(NicBlock wanted, @Nullable AttachedNic before, List<IpPrefix> taken) {
    if (before != null) {
      for (NicBlock had : before.blocks()) {
        IpPrefix block = requireNonNull(had.block());
        if (had.network().equals(wanted.network())
            && had.family() == wanted.family()
            && had.length() == wanted.length()
            && !taken.contains(block)
            && isInside(had.network(), block)) {
          return had;
        }
      }
    }
    return wanted;
  }

  private void checkFree(NicRequest request, NicBlock named, List<IpPrefix> taken) {
    IpPrefix block = requireNonNull(named.block());
    String where = "network " + named.network() + ": " + block + ": ";
    if (!isInside(named.network(), block)) {
      throw failure(
          request,
          Reason.REFUSED,
          false,
          where + "is outside every subnet of the network; use a block inside one");
    }
    for (IpPrefix other : taken) {
      if (other.overlaps(block)) {
        throw failure(
            request, Reason.REFUSED, false, where + "overlaps " + other + " of the same NIC");
      }
    }
    Optional<AttachedNic> holder = holders.find(block, NicIdentity.of(request));
    if (holder.isPresent()) {
      throw failure(
          request,
          Reason.CONFLICT,
          true,
          where
              + "is attached, whole or in part, to NIC %s of %s, life \"%s\"; detach it there or use another block"
                  .formatted(holder.get().nic(), holder.get().owner(), holder.get().incarnation()));
    }
  }

  /** Floating and dynamic networks have no ranges to be inside of. */
  private boolean isInside(String network, IpPrefix block) {
    return networks
        .find(network)
        .filter(
            definition ->
                !(definition instanceof Manual manual)
                    || manual.subnets().stream().anyMatch(subnet -> subnet.range().contains(block)))
        .isPresent();
  }

  /**
   * Makes the failure of a request.
   *
   * @param request the request
   * @param reason why
   * @param retryable whether the same call may succeed later without any change
   * @param message what failed and what to do
   * @return the failure, whose message names the machine and the NIC
   */
  public ProviderException failure(
      NicRequest request, Reason reason, boolean retryable, String message) {
    return new ProviderException(
        provider, reason, retryable, NicIdentity.of(request) + ": " + message, null);
  }
}
