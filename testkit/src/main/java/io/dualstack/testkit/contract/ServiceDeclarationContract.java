package io.dualstack.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every module that provides services must hold: its {@code module-info} and its {@code
 * META-INF/services} files name the same providers, so that it works the same on the module path
 * and on the class path, and each of them can be made.
 */
public abstract class ServiceDeclarationContract {
  private static final String SERVICES = "META-INF/services/";

  /** For subclasses. */
  protected ServiceDeclarationContract() {}

  /**
   * The module under test.
   *
   * @return its jar, or the folder of its compiled classes
   */
  protected abstract Path module();

  /**
   * Finds where a class was loaded from.
   *
   * @param type a class of the module under test
   * @return the jar or folder that holds it
   * @throws IllegalArgumentException if the class was not loaded from a file
   */
  protected static Path moduleOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type + ": was not loaded from a file", e);
    }
  }

  @Test
  void module_declaration_and_service_files_name_the_same_providers() throws IOException {
    ModuleReference module = reference();

    assertThat(inServiceFiles(module)).isEqualTo(inModuleDeclaration(module));
  }

  @Test
  void every_declared_provider_can_be_made() throws Exception {
    for (Map.Entry<String, List<String>> service : inModuleDeclaration(reference()).entrySet()) {
      assertThat(made(Class.forName(service.getKey())))
          .as("providers of %s that can be made", service.getKey())
          .containsAll(service.getValue());
    }
  }

  private ModuleReference reference() {
    return ModuleFinder.of(module()).findAll().iterator().next();
  }

  private static Map<String, List<String>> inModuleDeclaration(ModuleReference module) {
    return module.descriptor().provides().stream()
        .collect(
            Collectors.toMap(
                Provides::service,
                provides -> provides.providers().stream().sorted().toList(),
                (one, other) -> one,
                TreeMap::new));
  }

  private static Map<String, List<String>> inServiceFiles(ModuleReference module)
      throws IOException {
    Map<String, List<String>> providers = new TreeMap<>();
    try (ModuleReader reader = module.open()) {
      for (String file : reader.list().filter(name -> name.matches(SERVICES + "[^/]+")).toList()) {
        try (InputStream in = reader.open(file).orElseThrow()) {
          providers.put(
              file.substring(SERVICES.length()),
              new String(in.readAllBytes(), UTF_8)
                  .lines()
                  .map(line -> line.replaceFirst("#.*", "").strip())
                  .filter(line -> !line.isEmpty())
                  .sorted()
                  .toList());
        }
      }
    }
    return providers;
  }

  private static List<String> made(Class<?> service) {
    return ServiceLoader.load(service).stream()
        .map(provider -> provider.get().getClass().getName())
        .toList();
  }
}
