package io.dualstack;

/**
 * Opens the library. The implementation provides it through {@link java.util.ServiceLoader}; nobody
 * else needs it.
 */
public interface DualstackFactory {

  /**
   * Opens the library.
   *
   * @param config everything it needs to know
   * @return the open library
   * @throws StoreUnavailableException if the store can't be opened
   * @throws MissingDependencyException if an optional library is missing
   * @throws InvalidConfigurationException if the configuration is refused
   */
  Dualstack open(DualstackConfig config);
}
