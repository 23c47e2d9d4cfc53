package io.dualstack.impl;

import io.dualstack.Diagnostic;
import io.dualstack.Dualstack;
import io.dualstack.DualstackConfig;
import io.dualstack.DualstackFactory;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import java.util.List;
import java.util.ServiceConfigurationError;
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
   * @throws StoreUnavailableException if it can't be opened
   * @throws InvalidConfigurationException if there is no store of its kind
   */
  public static AllocationStore openStore(String location) {
    try {
      for (AllocationStoreFactory factory :
          ServiceLoader.load(
              AllocationStoreFactory.class, StandardDualstackFactory.class.getClassLoader())) {
        if (factory.accepts(location)) {
          return factory.open(location);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new StoreUnavailableException(
          location + ": a store on the class path is broken: " + e.getMessage() + "; remove it",
          false,
          e);
    }
    throw new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "store",
                "StoreUnknown",
                "\"%s\": no store of this kind is there; use memory: or sqlite:/path/file"
                    .formatted(location))));
  }
}
