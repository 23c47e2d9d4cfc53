package io.dualstack.impl.provider.discovery;

import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.DiscoveredProvider.Broken;
import io.dualstack.provider.DiscoveredProvider.Usable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A plugin directory, and discovery in it by a host without providers of its own. */
abstract class DiscoveryFixture {
  /** Sees the API, but no service file. */
  static final ClassLoader EMPTY_HOST = new ApiClassLoader();

  @TempDir Path temp;

  private ProviderDiscovery discovery;

  final Path plugins() {
    return temp.resolve("plugins");
  }

  final ProviderDiscovery discovery() {
    return discovery(EMPTY_HOST, plugins());
  }

  final ProviderDiscovery discovery(ClassLoader host, Path... directories) {
    close();
    discovery = new ProviderDiscovery(host, List.of(directories));
    return discovery;
  }

  @AfterEach
  final void close() {
    if (discovery != null) {
      discovery.close();
      discovery = null;
    }
  }

  /** A jar in a folder of its own, with one provider. */
  final Path plugin(String folder, ProviderSource source, String className) {
    return jar(folder, folder + ".jar").source(className, source.text()).service(className).build();
  }

  final Path plugin(String folder, String name) {
    String className = "acme." + folder + ".Provider";
    return plugin(folder, ProviderSource.of(className, name), className);
  }

  final JarBuilder jar(String folder, String file) {
    return JarBuilder.jar(plugins().resolve(folder).resolve(file));
  }

  static List<String> usable(List<DiscoveredProvider> all) {
    return all.stream()
        .filter(Usable.class::isInstance)
        .map(one -> ((Usable) one).provider().name())
        .toList();
  }

  static List<Broken> broken(List<DiscoveredProvider> all) {
    return all.stream().filter(Broken.class::isInstance).map(Broken.class::cast).toList();
  }
}
