package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One block that an owner wants from one network.
 *
 * @param network the name of a manual network, or of a vip network
 * @param wanted the very block wanted (static); null for the lowest free one (dynamic)
 * @param prefixLength the length wanted in place of the network's own; null for the network's
 */
public record BlockRequest(
    String network, @Nullable IpPrefix wanted, @Nullable Integer prefixLength) {

  /**
   * Checks that a block wanted has the length wanted.
   *
   * @param network the name of a manual network, or of a vip network
   * @param wanted the very block wanted (static)
   * @param prefixLength the length wanted in place of the network's own
   */
  public BlockRequest {
    requireNonNull(network, "network");
    if (prefixLength != null && (prefixLength < 0 || prefixLength > 128)) {
      throw new IllegalArgumentException(
          network + ": /" + prefixLength + " is no prefix length; use 0 to 128");
    }
    if (wanted != null && prefixLength != null && wanted.length() != prefixLength) {
      throw new IllegalArgumentException(
          network + ": " + wanted + " is wanted, but also a /" + prefixLength);
    }
  }

  /**
   * Wants the lowest free block.
   *
   * @param network the network's name
   * @return the request
   */
  public static BlockRequest dynamic(String network) {
    return new BlockRequest(network, null, null);
  }

  /**
   * Wants this very block.
   *
   * @param network the network's name
   * @param wanted the block, of the network's length
   * @return the request
   */
  public static BlockRequest statically(String network, IpPrefix wanted) {
    return new BlockRequest(network, requireNonNull(wanted, "wanted"), null);
  }

  /**
   * Wants the lowest free block of a length other than the network's own.
   *
   * @param network the network's name
   * @param prefixLength the length
   * @return the request
   */
  public static BlockRequest ofLength(String network, int prefixLength) {
    return new BlockRequest(network, null, prefixLength);
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
