package io.dualstack.provider;

/** A provider that discovery came across. */
public sealed interface DiscoveredProvider {

  /**
   * Returns where it was found.
   *
   * @return a jar file's path, or {@code built in}
   */
  String origin();

  /**
   * A provider that can be used by name.
   *
   * @param provider the provider
   * @param origin where it was found
   */
  record Usable(NetworkProvider provider, String origin) implements DiscoveredProvider {}

  /**
   * A provider that can't be used.
   *
   * @param name its name, or its class or folder when the name isn't known
   * @param origin where it was found
   * @param reason why not, and what to do; reads on after the origin
   */
  record Broken(String name, String origin, String reason) implements DiscoveredProvider {}
}
