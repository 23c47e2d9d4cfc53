package io.dualstack.provider;

/**
 * Attaches addresses and prefixes to machines of one infrastructure. Found through {@link
 * java.util.ServiceLoader} on the class path, the module path, or in a plugin directory, where each
 * plugin has a class loader that sees only this API and the JDK. Implementations have a public
 * constructor without parameters that does nothing, and are thread-safe.
 */
public interface NetworkProvider {

  /**
   * The version of this interface. Rises when a provider built for an older one no longer works.
   */
  int API_VERSION = 1;

  /**
   * Returns the name as written in configuration.
   *
   * @return unique, lower case, such as {@code aws}
   */
  String name();

  /**
   * Returns the {@link #API_VERSION} the provider was built against. Implementations return the
   * constant, which the compiler copies into them.
   *
   * @return the version
   */
  int apiVersion();

  /**
   * Returns what the infrastructure can do. Contacts nobody and never changes.
   *
   * @return the capabilities
   */
  Capabilities capabilities();

  /**
   * Starts a session.
   *
   * @param context settings and durable memory
   * @return the session
   * @throws io.dualstack.InvalidConfigurationException naming the setting, before anything was
   *     contacted
   * @throws io.dualstack.ProviderException with {@link
   *     io.dualstack.ProviderException.Reason#NOT_CONFIGURED} if settings are missing
   */
  ProviderSession open(ProviderContext context);
}
