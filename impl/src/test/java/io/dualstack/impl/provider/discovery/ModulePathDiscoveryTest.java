package io.dualstack.impl.provider.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.provider.local.LocalProvider;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discovery when it runs as a named module itself, in a module layer with a provider's module. */
class ModulePathDiscoveryTest {
  private static final String DISCOVERY = ProviderDiscovery.class.getName();

  @TempDir Path temp;

  @Test
  void finds_the_providers_of_named_modules_once_each_and_names_the_jar_of_a_broken_one()
      throws Exception {
    Path good = module("acme.good", "acme.good.Cloud", "");
    Path bad = module("acme.bad", "acme.bad.Cloud", "throw new IllegalStateException(\"boom\");");

    List<String> found = discoverIn(layer(good, bad, "acme.good", "acme.bad"));

    assertThat(found)
        .containsExactly(
            "acme.good.Cloud (" + good + ")",
            LocalProvider.class.getName() + " (built in)",
            "broken acme.bad.Cloud ("
                + bad
                + "): the constructor of acme.bad.Cloud fails: java.lang.IllegalStateException:"
                + " boom; ask its maker for a working build");
  }

  private Path module(String module, String className, String constructor) {
    return JarBuilder.jar(temp.resolve("modules").resolve(module + ".jar"))
        .onModulePath(classPath())
        .source(
            "module-info",
            "module %s { requires io.dualstack.api; provides io.dualstack.provider.NetworkProvider with %s; }"
                .formatted(module, className))
        .source(
            className,
            ProviderSource.of(className, "cloud-" + module.charAt(5))
                .constructor(constructor)
                .text())
        .service(className)
        .build();
  }

  private static List<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(ModulePathDiscoveryTest::isModule)
        .toList();
  }

  private static boolean isModule(Path path) {
    try {
      return !ModuleFinder.of(path).findAll().isEmpty();
    } catch (FindException e) {
      return false;
    }
  }

  private static ModuleLayer.Controller layer(Path good, Path bad, String... roots) {
    Stream<Path> path = Stream.concat(Stream.of(good, bad), classPath().stream());
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(
                ModuleFinder.of(path.toArray(Path[]::new)),
                ModuleFinder.of(),
                Stream.concat(Stream.of("io.dualstack.impl"), Stream.of(roots))
                    .collect(Collectors.toSet()));
    return ModuleLayer.defineModulesWithOneLoader(
        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader());
  }

  /** By reflection, as the layer has another API than the test. */
  private List<String> discoverIn(ModuleLayer.Controller controller) throws Exception {
    Module impl = controller.layer().findModule("io.dualstack.impl").orElseThrow();
    controller.addOpens(impl, ProviderDiscovery.class.getPackageName(), getClass().getModule());
    Class<?> type = Class.forName(impl, DISCOVERY);
    try (AutoCloseable discovery =
        (AutoCloseable) type.getConstructor(List.class).newInstance(List.of())) {
      return ((List<?>) type.getMethod("discovered").invoke(discovery))
          .stream().map(ModulePathDiscoveryTest::text).toList();
    }
  }

  private static String text(Object found) {
    try {
      String origin = " (" + call(found, "origin") + ")";
      return found.getClass().getSimpleName().equals("Usable")
          ? call(found, "provider").getClass().getName() + origin
          : "broken " + call(found, "name") + origin + ": " + call(found, "reason");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(found + ": can not be asked", e);
    }
  }

  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }
}
