package io.dualstack.impl;

import io.dualstack.Dualstack;
import io.dualstack.DualstackConfig;
import io.dualstack.DualstackFactory;
import io.dualstack.Meters;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.metrics.GuardedMeters;
import io.dualstack.impl.store.StoreLoader;
import java.util.ServiceLoader;

/** Opens the library over the store that its location asks for. */
public final class StandardDualstackFactory implements DualstackFactory {

  @Override
  public Dualstack open(DualstackConfig config) {
    Meters meters = GuardedMeters.of(config.meters());
    return new StandardDualstack(config, meters, openStore(config.store(), meters));
  }

  /**
   * Opens the store of a location, which tells no meters.
   *
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.InvalidConfigurationException if there is no store of its kind
   */
  public static AllocationStore openStore(String location) {
    return openStore(location, Meters.NONE);
  }

  /**
   * Opens the store of a location.
   *
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.InvalidConfigurationException if there is no store of its kind
   */
  private static AllocationStore openStore(String location, Meters meters) {
    return StoreLoader.open(
        location,
        ServiceLoader.load(
            AllocationStoreFactory.class, StandardDualstackFactory.class.getClassLoader()),
        factory -> factory.accepts(location),
        factory -> factory.open(location, meters),
        "memory:, sqlite:/path/file, jdbc:postgresql://host/database or"
            + " jdbc:mariadb://host/database");
  }
}
