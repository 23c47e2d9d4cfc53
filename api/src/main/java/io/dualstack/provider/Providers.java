package io.dualstack.provider;

import java.util.List;

/**
 * The providers that are there: built in, on the class path or module path, and in the plugin
 * directories. They are looked for once, when somebody first asks. Thread-safe.
 */
public interface Providers {

  /**
   * Returns what discovery came across: usable ones by name, then broken ones by name and origin.
   * Two of one name are both broken. One that is broken doesn't keep others from being used.
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
