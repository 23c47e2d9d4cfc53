package io.dualstack.impl.allocation.store.memory;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;

/** Opens {@code memory:}: a new, empty store each time. */
public final class MemoryStoreFactory implements AllocationStoreFactory {

  static final String LOCATION = "memory:";

  /** For {@link java.util.ServiceLoader}. */
  public MemoryStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return location.equals(LOCATION);
  }

  @Override
  public AllocationStore open(String location) {
    if (!accepts(location)) {
      throw new IllegalArgumentException(
          location + ": is not a store in memory; write " + LOCATION);
    }
    return new MemoryAllocationStore();
  }
}
