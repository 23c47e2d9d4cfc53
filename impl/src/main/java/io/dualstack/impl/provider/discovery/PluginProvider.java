package io.dualstack.impl.provider.discovery;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import java.util.function.Supplier;

/**
 * A provider that lives in a plugin. While it is called, its class loader is the thread's context
 * class loader, so that a library of the plugin that looks there finds the plugin's classes and not
 * the host's.
 */
final class PluginProvider implements NetworkProvider {
  private final NetworkProvider provider;
  private final ClassLoader loader;
  private final String origin;

  private PluginProvider(NetworkProvider provider, ClassLoader loader, String origin) {
    this.provider = provider;
    this.loader = loader;
    this.origin = origin;
  }

  /** Loads a class of a plugin and makes a provider of it. */
  static NetworkProvider make(String className, ClassLoader loader, String origin)
      throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      NetworkProvider provider =
          Class.forName(className, false, loader)
              .asSubclass(NetworkProvider.class)
              .getConstructor()
              .newInstance();
      return new PluginProvider(provider, loader, origin);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private <T> T ask(Supplier<T> question) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return question.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Lets the plugin work; what it can't link is a failure of the provider and not of the host. */
  <T> T work(Supplier<T> work) {
    try {
      return ask(work);
    } catch (LinkageError e) {
      throw new ProviderException(
          name(),
          Reason.NOT_SUPPORTED,
          false,
          "%s: doesn't fit this api, %d, or misses a library: %s; install a complete build for it"
              .formatted(origin, API_VERSION, e),
          e);
    }
  }

  @Override
  public String name() {
    return ask(provider::name);
  }

  @Override
  public int apiVersion() {
    return ask(provider::apiVersion);
  }

  @Override
  public Capabilities capabilities() {
    return ask(provider::capabilities);
  }

  @Override
  public ProviderSession open(ProviderContext context) {
    return new PluginSession(work(() -> provider.open(context)), this);
  }

  /** Returns the class and where it is from. */
  @Override
  public String toString() {
    return provider.getClass().getName() + " (" + origin + ")";
  }
}
