package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;

/**
 * Where a search leaves its answer: a block as numbers, reused from search to search. Not
 * thread-safe. Its content means something only after a search that returned true.
 */
public final class BlockCursor {
  private IpFamily family = IpFamily.IPV6;
  private long high;
  private long low;
  private int length;

  void set(IpFamily family, long high, long low, int length) {
    this.family = family;
    this.high = high;
    this.low = low;
    this.length = length;
  }

  /** Returns the family of the space searched last. */
  public IpFamily family() {
    return family;
  }

  /** Returns the upper 64 bits of the first address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** Returns the lower 64 bits of the first address. */
  public long low() {
    return low;
  }

  /** Returns the prefix length. */
  public int length() {
    return length;
  }

  /** Returns the block as a value. */
  public IpPrefix toPrefix() {
    return new IpPrefix(new IpAddress(family, high, low), length);
  }
}
