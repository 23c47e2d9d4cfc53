package io.dualstack.provider;

/**
 * Attaches addresses and prefixes to machines of one infrastructure. Found as a service on the
 * class path, on the module path, or in a plugin directory. Implementations have a public
 * constructor without parameters that does nothing, and are thread-safe.
 *
 * <p>A plugin is a folder of jars, at least one of which names the implementation in {@code
 * META-INF/services/io.dualstack.provider.NetworkProvider}. Each plugin has a class loader of its
 * own that sees those jars, this API, the SLF4J API and the JDK, and nothing else: two plugins can
 * bring different versions of one library. While a plugin is called, its class loader is the
 * thread's context class loader.
 */
public interface NetworkProvider {

  /**
   * The version of this interface and all that it refers to. Rises when a provider built for an
   * older one no longer works.
   */
  int API_VERSION = 1;

  /**
   * Returns the name as written in configuration.
   *
   * @return unique, such as {@code aws}: a lower case letter, then up to 62 lower case letters,
   *     digits and hyphens
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
