package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpPrefix;

/** Who is compared. */
public enum Rival {
  /** This library's index of free space. */
  OURS {
    @Override
    BlockPool open(IpPrefix range, int length) {
      return new EnginePool(FreeSpace.of(range));
    }
  },
  /** The same with an index of owners, each block having its own. */
  OURS_WITH_OWNERS {
    @Override
    BlockPool open(IpPrefix range, int length) {
      return new OwnedPool(FreeSpace.of(range), new OwnerIndex());
    }
  },
  /** First fit over the free gaps, kept in a {@code TreeMap}. */
  TREE_MAP_GAPS {
    @Override
    BlockPool open(IpPrefix range, int length) {
      return new TreeMapGaps(range);
    }
  },
  /** The BOSH director's way: all rows fetched, sorted and walked for each allocation. */
  DIRECTOR_SCAN {
    @Override
    BlockPool open(IpPrefix range, int length) {
      return new DirectorScan(range);
    }
  },
  /** {@code IPv6AddressPool} of {@code com.googlecode.java-ipv6}, which knows one length only. */
  JAVA_IPV6_POOL {
    @Override
    BlockPool open(IpPrefix range, int length) {
      return new JavaIpv6Pool(range, length);
    }
  };

  /**
   * Opens an empty pool.
   *
   * @param length the length of all blocks, for a rival that must know it
   */
  abstract BlockPool open(IpPrefix range, int length);
}
