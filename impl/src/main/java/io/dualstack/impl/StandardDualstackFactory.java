package io.dualstack.impl;

import io.dualstack.Dualstack;
import io.dualstack.DualstackConfig;
import io.dualstack.DualstackFactory;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.store.StoreLoader;
import java.util.ServiceLoader;

/** Opens the library over the store that its location asks for. */
public final class StandardDualstackFactory implements DualstackFactory {

  @Override
  public Dualstack open(DualstackConfig config) {
    return new StandardDualstack(config, openStore(config.store()));
  }

  /**
   * Opens the store of a location.
   *
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.InvalidConfigurationException if there is no store of its kind
   */
  public static AllocationStore openStore(String location) {
    return StoreLoader.open(
        location,
        ServiceLoader.load(
            AllocationStoreFactory.class, StandardDualstackFactory.class.getClassLoader()),
        factory -> factory.accepts(location),
        factory -> factory.open(location),
        "memory:, sqlite:/path/file, jdbc:postgresql://host/database or"
            + " jdbc:mariadb://host/database");
  }
}
