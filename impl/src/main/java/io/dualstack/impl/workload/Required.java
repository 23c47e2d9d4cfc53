package io.dualstack.impl.workload;

import io.dualstack.net.IpAddress;
import org.jspecify.annotations.Nullable;

/** Refuses what only an instance that is placed can have. */
final class Required {
  private Required() {}

  static IpAddress address(String whose, @Nullable IpAddress address) {
    if (address == null) {
      throw new IllegalArgumentException(
          "the address of " + whose + " is missing; give one of an instance that is placed");
    }
    return address;
  }
}
