package io.dualstack.cell;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container that is on the network.
 *
 * @param handle the last part of its namespace's path
 * @param ipv4 its IPv4 address
 * @param ipv6Address its IPv6 address; null when it has none
 */
public record AttachedContainer(String handle, IpAddress ipv4, @Nullable IpAddress ipv6Address) {

  /**
   * Checks that handle and IPv4 address are there.
   *
   * @param handle the last part of its namespace's path
   * @param ipv4 its IPv4 address
   * @param ipv6Address its IPv6 address; null when it has none
   */
  public AttachedContainer {
    requireNonNull(handle, "handle");
    requireNonNull(ipv4, "ipv4");
  }

  /**
   * Returns its IPv6 address.
   *
   * @return the address; empty when it has none
   */
  public Optional<IpAddress> ipv6() {
    return Optional.ofNullable(ipv6Address);
  }
}
