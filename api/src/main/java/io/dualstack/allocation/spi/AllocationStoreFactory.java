package io.dualstack.allocation.spi;

import io.dualstack.Meters;

/** Opens the stores of one kind. Found through {@link java.util.ServiceLoader}. */
public interface AllocationStoreFactory {

  /**
   * Returns whether a location is of this kind.
   *
   * @param location such as {@code memory:}, {@code sqlite:/path/file} or {@code
   *     jdbc:postgresql://host/name}
   * @return true if {@link #open} understands it
   */
  boolean accepts(String location);

  /**
   * Opens a store, and creates it if it isn't there.
   *
   * @param location where
   * @return the open store
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.MissingDependencyException if its driver is not there
   */
  AllocationStore open(String location);

  /**
   * Opens a store as {@link #open(String)} does, which tells meters how it fares.
   *
   * @param location where
   * @param meters what is told; never throws
   * @return the open store
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.MissingDependencyException if its driver is not there
   */
  default AllocationStore open(String location, Meters meters) {
    return open(location);
  }
}
