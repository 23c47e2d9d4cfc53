package io.dualstack.impl.allocation.pool;

import com.googlecode.ipv6.IPv6Address;
import com.googlecode.ipv6.IPv6AddressPool;
import com.googlecode.ipv6.IPv6Network;
import com.googlecode.ipv6.IPv6NetworkMask;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;

/**
 * The pool of java-ipv6: immutable, one length for all blocks, each change copies the set of free
 * ranges.
 */
final class JavaIpv6Pool implements BlockPool {
  private final int length;
  private final IPv6NetworkMask mask;
  private IPv6AddressPool pool;

  JavaIpv6Pool(IpPrefix range, int length) {
    this.length = length;
    this.mask = IPv6NetworkMask.fromPrefixLength(length);
    IPv6Network network =
        network(
            range.address().high(),
            range.address().low(),
            IPv6NetworkMask.fromPrefixLength(range.length()));
    this.pool = IPv6AddressPool.fromRangeAndSubnet(network, mask);
  }

  @Override
  public boolean occupy(long high, long low, int blockLength) {
    pool = pool.allocate(network(high, low, mask));
    return true;
  }

  @Override
  public boolean allocateLowest(int blockLength, BlockCursor into) {
    if (blockLength != length) {
      throw new IllegalArgumentException("/" + blockLength + ": this pool has only /" + length);
    }
    if (pool.isExhausted()) {
      return false;
    }
    pool = pool.allocate();
    IPv6Address first = pool.getLastAllocated().getFirst();
    into.set(IpFamily.IPV6, first.getHighBits(), first.getLowBits(), length);
    return true;
  }

  @Override
  public boolean release(long high, long low, int blockLength) {
    pool = pool.deAllocate(network(high, low, mask));
    return true;
  }

  private static IPv6Network network(long high, long low, IPv6NetworkMask mask) {
    return IPv6Network.fromAddressAndMask(IPv6Address.fromLongs(high, low), mask);
  }
}
