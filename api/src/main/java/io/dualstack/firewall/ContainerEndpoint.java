package io.dualstack.firewall;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is on its cell.
 *
 * @param handle its name, unique on the cell
 * @param device the host's end of its link
 * @param ipv4 its IPv4 address
 * @param ipv6 its IPv6 address; null if it has none
 */
public record ContainerEndpoint(
    String handle, String device, IpAddress ipv4, @Nullable IpAddress ipv6) {
  /**
   * Checks names and families.
   *
   * @param handle its name, unique on the cell, 1 to 255 letters, digits, dots, dashes and
   *     underscores
   * @param device the host's end of its link
   * @param ipv4 its IPv4 address
   * @param ipv6 its IPv6 address; null if it has none
   * @throws IllegalArgumentException when a name can't be written in a rule, or an address is of
   *     the other family or IPv4 in IPv6's notation
   */
  public ContainerEndpoint {
    FirewallName.id("handle", handle);
    FirewallName.device("device", device);
    ipv4 = ipv4.requireFamily(IpFamily.IPV4);
    ipv6 = ipv6 == null ? null : ipv6.requireFamily(IpFamily.IPV6).requireNative();
  }

  /**
   * {@return its address of a family, if it has one}
   *
   * @param family the family
   */
  public Optional<IpAddress> address(IpFamily family) {
    return family == IpFamily.IPV4 ? Optional.of(ipv4) : Optional.ofNullable(ipv6);
  }
}
