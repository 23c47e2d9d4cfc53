package io.dualstack.impl.allocation.pool;

/** What the benchmarks ask of each way to keep free space; all blocks are IPv6. */
interface BlockPool {
  /** Occupies a free block. */
  boolean occupy(long high, long low, int length);

  /** Occupies the lowest free block of a length. */
  boolean allocateLowest(int length, BlockCursor into);

  /** Frees a block that was occupied as such. */
  boolean release(long high, long low, int length);
}
