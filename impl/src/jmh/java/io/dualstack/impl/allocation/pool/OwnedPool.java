package io.dualstack.impl.allocation.pool;

/** The index of free space kept together with the one of owners, as the allocator does. */
record OwnedPool(FreeSpace space, OwnerIndex owners) implements BlockPool {
  @Override
  public boolean occupy(long high, long low, int length) {
    if (!space.occupy(high, low, length)) {
      return false;
    }
    owners.add(owner(high, low));
    return true;
  }

  @Override
  public boolean allocateLowest(int length, BlockCursor into) {
    if (!space.allocateLowest(length, into)) {
      return false;
    }
    owners.add(owner(into.high(), into.low()));
    return true;
  }

  @Override
  public boolean release(long high, long low, int length) {
    return owners.remove(owner(high, low)) && space.free(high, low, length);
  }

  /** A made-up owner for each block, whose hash says nothing about where the block lies. */
  private static long owner(long high, long low) {
    long bits = (high * 31 + low) * 0x9e3779b97f4a7c15L;
    return (bits ^ bits >>> 32) * 0xd6e8feb86659fd93L;
  }
}
