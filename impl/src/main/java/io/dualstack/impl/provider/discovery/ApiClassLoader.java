package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.NetworkProvider;
import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a plugin sees of its host: the API's packages, the SLF4J API's, and the JDK. No other class,
 * and no resource but the JDK's, so that no service file of the host is found through it.
 */
final class ApiClassLoader extends ClassLoader {
  /** The packages that the API module exports; a test compares them with its declaration. */
  static final Set<String> API_PACKAGES =
      Set.of(
          "io.dualstack",
          "io.dualstack.allocation",
          "io.dualstack.allocation.spi",
          "io.dualstack.cell",
          "io.dualstack.cni",
          "io.dualstack.director",
          "io.dualstack.firewall",
          "io.dualstack.host",
          "io.dualstack.lease",
          "io.dualstack.net",
          "io.dualstack.policy",
          "io.dualstack.provider",
          "io.dualstack.provider.support",
          "io.dualstack.routing",
          "io.dualstack.workload");

  private static final Set<String> SLF4J_PACKAGES =
      Set.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi");

  private static final ClassLoader JDK = ClassLoader.getPlatformClassLoader();

  static {
    registerAsParallelCapable();
  }

  ApiClassLoader() {
    super("dualstack-api", JDK);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    String inPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    if (API_PACKAGES.contains(inPackage)) {
      return Class.forName(name, false, NetworkProvider.class.getClassLoader());
    }
    if (SLF4J_PACKAGES.contains(inPackage)) {
      return Class.forName(name, false, LoggerFactory.class.getClassLoader());
    }
    return super.loadClass(name, resolve);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return JDK.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return JDK.getResources(name);
  }
}
