package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.Meters;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.sqlite.SqliteLocation;

/** Opens {@code sqlite:PATH}: one file, made if it isn't there. */
public final class SqliteStoreFactory implements AllocationStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public SqliteStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return SqliteLocation.accepts(location);
  }

  /**
   * Opens a file.
   *
   * @param location {@code sqlite:} and a path, relative to the working directory if it doesn't
   *     begin with a slash
   * @return the open store
   * @throws IllegalArgumentException if there is no path in it
   */
  @Override
  public AllocationStore open(String location) {
    return open(location, Meters.NONE);
  }

  @Override
  public AllocationStore open(String location, Meters meters) {
    return open(location, SqliteLocation.DRIVER, meters);
  }

  static AllocationStore open(String location, String driver, Meters meters) {
    return SqliteAllocationStore.open(SqliteLocation.file(location, driver), meters);
  }
}
