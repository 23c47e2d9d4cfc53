package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.DiscoveredProvider.Broken;
import io.dualstack.provider.NetworkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Providers that the host itself was started with. Those in named modules come from {@link
 * ServiceLoader}; the class path's service files are read here, because it is they that tell which
 * jar a broken provider is in.
 */
final class HostProviders {
  private static final String OURS = "io.dualstack.impl.";
  private static final String ON_CLASS_PATH = "on the class path";
  private static final String ON_MODULE_PATH = "on the module path";

  /**
   * No module layer has more broken providers than that: a stop for an iterator that never ends.
   */
  private static final int MOST_FAILURES = 1000;

  private final List<Claim> claims = new ArrayList<>();
  private final List<Broken> broken = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private HostProviders() {}

  /** Looks in the class path of a loader and in the modules of a layer. */
  static HostProviders find(ClassLoader host, ModuleLayer layer) {
    HostProviders providers = new HostProviders();
    providers.findInModules(layer);
    providers.findOnClassPath(host);
    return providers;
  }

  List<Claim> claims() {
    return claims;
  }

  List<Broken> broken() {
    return broken;
  }

  private void findInModules(ModuleLayer layer) {
    Iterator<ServiceLoader.Provider<NetworkProvider>> providers =
        ServiceLoader.load(layer, NetworkProvider.class).stream().iterator();
    for (int failures = 0; failures < MOST_FAILURES; ) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        ServiceLoader.Provider<NetworkProvider> provider = providers.next();
        Class<? extends NetworkProvider> type = provider.type();
        seen.add(type.getName());
        claims.add(new Claim(type.getName(), origin(type), ON_MODULE_PATH, provider::get));
      } catch (ServiceConfigurationError e) {
        failures++;
        Claim unknown = new Claim("module", "module path", ON_MODULE_PATH, () -> null);
        broken.add(
            new Broken(unknown.className(), unknown.origin(), Inspection.explain(e, unknown)));
      }
    }
  }

  private void findOnClassPath(ClassLoader host) {
    List<URL> files;
    try {
      files = Collections.list(host.getResources(ServiceFile.NAME));
    } catch (IOException e) {
      broken.add(new Broken("class path", "class path", "can't be read: " + e + "; repair it"));
      return;
    }
    for (URL file : files) {
      String origin = origin(file);
      try (InputStream in = file.openStream()) {
        for (String className : ServiceFile.read(in)) {
          claimOnClassPath(className, origin, host);
        }
      } catch (IOException e) {
        broken.add(new Broken("class path", origin, "can't be read: " + e + "; copy it anew"));
      }
    }
  }

  private void claimOnClassPath(String className, String origin, ClassLoader host) {
    if (seen.add(className)) {
      claims.add(
          new Claim(
              className,
              className.startsWith(OURS) ? "built in" : origin,
              ON_CLASS_PATH,
              () ->
                  Class.forName(className, false, host)
                      .asSubclass(NetworkProvider.class)
                      .getConstructor()
                      .newInstance()));
    }
  }

  private static String origin(Class<?> type) {
    if (type.getName().startsWith(OURS)) {
      return "built in";
    }
    @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? "module " + type.getModule().getName()
        : path(source.getLocation().toString());
  }

  /** Returns the jar or the folder of classes that a service file is in. */
  private static String origin(URL file) {
    String text = file.toString();
    String root = text.substring(0, text.length() - ServiceFile.NAME.length());
    return path(root.replaceFirst("^jar:", "").replaceFirst("!?/$", ""));
  }

  private static String path(String location) {
    try {
      return Path.of(new URI(location)).toString();
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return location;
    }
  }
}
