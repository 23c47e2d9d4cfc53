package io.dualstack.provider;

import java.util.List;

/** The providers that are there. Thread-safe. */
public interface Providers {

  /**
   * Returns what discovery came across: usable ones by name, then broken ones.
   *
   * @return an unmodifiable list
   */
  List<DiscoveredProvider> discovered();

  /**
   * Returns a provider by name. Nothing is guessed: a broken one, or two of one name, is an error.
   *
   * @param name the name as written in configuration
   * @return the provider
   * @throws io.dualstack.ProviderNotFoundException listing what was found where
   */
  NetworkProvider byName(String name);
}
