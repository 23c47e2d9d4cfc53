package io.dualstack.impl.host.agent;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;

/** Netmasks as the formats write them: of IPv4 in dotted decimal, of IPv6 with every digit. */
final class Netmasks {

  private Netmasks() {}

  static String text(IpFamily family, int length) {
    return family.last().mask(length).toExpandedString();
  }

  /**
   * Returns the length that a netmask stands for.
   *
   * @throws IllegalArgumentException if it is of another family, or its ones have a gap
   */
  static int length(IpFamily family, IpAddress netmask) {
    if (netmask.family() != family) {
      throw new IllegalArgumentException(
          "%s: is an %s netmask beside an %s address; write such as %s"
              .formatted(netmask, netmask.family().label(), family.label(), text(family, 24)));
    }
    for (int length = 0; length <= family.bits(); length++) {
      if (family.last().mask(length).equals(netmask)) {
        return length;
      }
    }
    throw new IllegalArgumentException(
        "%s: is no netmask, as there is a zero before a one; write such as %s"
            .formatted(netmask, text(family, family == IpFamily.IPV4 ? 24 : 64)));
  }
}
