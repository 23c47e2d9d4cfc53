package io.dualstack.impl.store;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.StoreUnavailableException;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Predicate;

/** Finds the factory for a location among those that are there. */
public final class StoreLoader {

  private StoreLoader() {}

  /**
   * Opens the store of a location.
   *
   * @param factories the factories of its kind
   * @param accepts whether a factory is for the location
   * @param open opens it
   * @param kinds the locations there are, for who names another
   * @throws StoreUnavailableException if it can't be opened
   * @throws InvalidConfigurationException if no factory is for the location
   */
  public static <F, S> S open(
      String location,
      ServiceLoader<F> factories,
      Predicate<F> accepts,
      Function<F, S> open,
      String kinds) {
    try {
      for (F factory : factories) {
        if (accepts.test(factory)) {
          return open.apply(factory);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new StoreUnavailableException(
          Locations.withoutSecrets(location)
              + ": a store on the class path is broken: "
              + e.getMessage()
              + "; remove it",
          false,
          e);
    }
    throw new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "store",
                "StoreUnknown",
                "\"%s\": no store of this kind is there; use %s"
                    .formatted(Locations.withoutSecrets(location), kinds))));
  }
}
