package io.dualstack.impl.cni.link;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.MacAddress;

/**
 * Names and hardware addresses of a container's devices, which follow from its IPv4 address: an
 * IPv6 address would not fit a device's 15 characters, and both families share the devices.
 *
 * @param hostDevice the end in the host's namespace
 * @param hostMac its hardware address
 * @param containerMac that of the end in the container
 */
public record LinkNames(String hostDevice, MacAddress hostMac, MacAddress containerMac) {
  /** The address of the host's end of every IPv4 link. */
  public static final IpAddress HOST_IPV4 = IpAddress.parse("169.254.0.1");

  /** The address of the host's end of every IPv6 link; link-local, so one for all will do. */
  public static final IpAddress HOST_IPV6 = IpAddress.parse("fe80::1");

  private static final long HOST_MAC = 0xaaaaL << 32;
  private static final long CONTAINER_MAC = 0xeeeeL << 32;

  /**
   * Returns the names for a container.
   *
   * @param address its IPv4 address, also in IPv6's form for such
   * @throws IllegalArgumentException if it is an IPv6 address
   */
  public static LinkNames of(IpAddress address) {
    IpAddress ipv4 = address.mappedIpv4().orElse(address).requireFamily(IpFamily.IPV4);
    byte[] bytes = ipv4.toBytes();
    StringBuilder digits = new StringBuilder("s-");
    long bits = 0;
    for (byte part : bytes) {
      digits.append("%03d".formatted(part & 0xff));
      bits = bits << 8 | (part & 0xff);
    }
    return new LinkNames(
        digits.toString(), MacAddress.of(HOST_MAC | bits), MacAddress.of(CONTAINER_MAC | bits));
  }
}
