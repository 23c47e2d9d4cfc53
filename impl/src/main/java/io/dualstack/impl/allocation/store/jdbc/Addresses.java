package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;

/** Blocks as engines keep them that have no type for prefixes: their first and last address. */
public final class Addresses {

  private Addresses() {}

  /**
   * Returns the block from an address to another of its family.
   *
   * @throws DamagedRowException if that is none
   */
  public static IpPrefix block(IpAddress first, IpAddress last) {
    try {
      int free = hostBits(first.high() ^ last.high(), first.low() ^ last.low());
      IpPrefix block = new IpPrefix(first, first.family().bits() - free);
      if (block.last().equals(last)) {
        return block;
      }
      throw new DamagedRowException(first + " to " + last + " is no prefix");
    } catch (IllegalArgumentException e) {
      throw new DamagedRowException(String.valueOf(e.getMessage()));
    }
  }

  private static int hostBits(long high, long low) {
    return high != 0
        ? 128 - Long.numberOfLeadingZeros(high)
        : Long.SIZE - Long.numberOfLeadingZeros(low);
  }
}
