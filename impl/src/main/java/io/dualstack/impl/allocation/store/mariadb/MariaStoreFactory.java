package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.Meters;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.mariadb.MariaLocation;

/** Opens {@code jdbc:mariadb://host:port/database}, whose tables are made if they aren't there. */
public final class MariaStoreFactory implements AllocationStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public MariaStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return MariaLocation.accepts(location);
  }

  /**
   * Opens a database.
   *
   * @param location a URL of the driver's
   * @return the open store
   * @throws IllegalArgumentException if it is no such URL
   */
  @Override
  public AllocationStore open(String location) {
    return open(location, Meters.NONE);
  }

  @Override
  public AllocationStore open(String location, Meters meters) {
    return MariaAllocationStore.open(MariaLocation.of(location), meters);
  }
}
