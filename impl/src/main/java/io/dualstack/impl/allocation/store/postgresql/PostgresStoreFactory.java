package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.Meters;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.postgresql.PostgresLocation;

/** Opens {@code jdbc:postgresql://host:port/database}: one schema, made if it isn't there. */
public final class PostgresStoreFactory implements AllocationStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public PostgresStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return PostgresLocation.accepts(location);
  }

  /**
   * Opens a database.
   *
   * @param location a URL of the driver's; {@code currentSchema} names the schema
   * @return the open store
   * @throws IllegalArgumentException if it is no such URL
   */
  @Override
  public AllocationStore open(String location) {
    return open(location, Meters.NONE);
  }

  @Override
  public AllocationStore open(String location, Meters meters) {
    return PostgresAllocationStore.open(PostgresLocation.of(location), meters);
  }
}
