package io.dualstack.impl.allocation.pool;

/** The bare index. */
record EnginePool(FreeSpace space) implements BlockPool {
  @Override
  public boolean occupy(long high, long low, int length) {
    return space.occupy(high, low, length);
  }

  @Override
  public boolean allocateLowest(int length, BlockCursor into) {
    return space.allocateLowest(length, into);
  }

  @Override
  public boolean release(long high, long low, int length) {
    return space.free(high, low, length);
  }
}
