package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One block that an owner wants from one network. The length is the network's.
 *
 * @param network the name of a manual network, or of a vip network
 * @param wanted the very block wanted (static); null for the lowest free one (dynamic)
 */
public record BlockRequest(String network, @Nullable IpPrefix wanted) {

  /** Checks the network's name. */
  public BlockRequest {
    requireNonNull(network, "network");
  }

  /**
   * Wants the lowest free block.
   *
   * @param network the network's name
   * @return the request
   */
  public static BlockRequest dynamic(String network) {
    return new BlockRequest(network, null);
  }

  /**
   * Wants this very block.
   *
   * @param network the network's name
   * @param wanted the block, of the network's length
   * @return the request
   */
  public static BlockRequest statically(String network, IpPrefix wanted) {
    return new BlockRequest(network, requireNonNull(wanted, "wanted"));
  }

  /**
   * Returns the block wanted.
   *
   * @return the block; empty for the lowest free one
   */
  public Optional<IpPrefix> wantedBlock() {
    return Optional.ofNullable(wanted);
  }

  /**
   * Returns how the block is asked for.
   *
   * @return static if a block is named, else dynamic
   */
  public AllocationKind kind() {
    return wanted == null ? AllocationKind.DYNAMIC : AllocationKind.STATIC;
  }
}
