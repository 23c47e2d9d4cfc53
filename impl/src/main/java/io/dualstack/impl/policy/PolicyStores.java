package io.dualstack.impl.policy;

import io.dualstack.impl.store.StoreLoader;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import java.util.ServiceLoader;

/** Finds the stores of policies. */
public final class PolicyStores {

  private PolicyStores() {}

  /**
   * Opens the store of a location.
   *
   * @throws io.dualstack.StoreUnavailableException if it can't be opened
   * @throws io.dualstack.InvalidConfigurationException if there is no store of its kind
   */
  public static PolicyStore open(String location, int tagLength) {
    return StoreLoader.open(
        location,
        ServiceLoader.load(PolicyStoreFactory.class, PolicyStores.class.getClassLoader()),
        factory -> factory.accepts(location),
        factory -> factory.open(location, tagLength),
        "memory:, sqlite:/path/file, jdbc:postgresql://host/database or"
            + " jdbc:mariadb://host/database");
  }
}
