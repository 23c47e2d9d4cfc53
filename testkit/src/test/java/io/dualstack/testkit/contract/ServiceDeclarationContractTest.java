package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract must refuse modules that break it. */
class ServiceDeclarationContractTest {
  private static final String SERVICE = "java.time.zone.ZoneRulesProvider";

  @TempDir private Path folder;

  private ServiceDeclarationContract contract;

  @BeforeEach
  void a_module_that_declares_one_provider() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path provider = Files.createDirectories(sources.resolve("sample")).resolve("Zones.java");
    Path module = sources.resolve("module-info.java");
    Files.writeString(
        module, "module sample { provides %s with sample.Zones; }".formatted(SERVICE));
    Files.writeString(
        provider,
        """
        package sample;
        public class Zones extends java.time.zone.ZoneRulesProvider {
          protected java.util.Set<String> provideZoneIds() { return java.util.Set.of(); }
          protected java.time.zone.ZoneRules provideRules(String id, boolean cached) { return null; }
          protected java.util.NavigableMap<String, java.time.zone.ZoneRules> provideVersions(String id) {
            return null;
          }
        }
        """);
    int result =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                classes.toString(),
                module.toString(),
                provider.toString());
    assertThat(result).isZero();
    contract =
        new ServiceDeclarationContract() {
          @Override
          protected Path module() {
            return classes;
          }
        };
  }

  @Test
  void accepts_a_service_file_that_agrees() throws IOException {
    serviceFile("# zones of the sample\nsample.Zones # the only one\n\n");

    assertThatNoException()
        .isThrownBy(contract::module_declaration_and_service_files_name_the_same_providers);
  }

  @Test
  void refuses_a_missing_service_file() {
    assertThatThrownBy(contract::module_declaration_and_service_files_name_the_same_providers)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sample.Zones");
  }

  @Test
  void refuses_a_service_file_that_names_another_provider() throws IOException {
    serviceFile("sample.OtherZones\n");

    assertThatThrownBy(contract::module_declaration_and_service_files_name_the_same_providers)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sample.OtherZones");
  }

  @Test
  void refuses_a_provider_that_cannot_be_found() {
    assertThatThrownBy(contract::every_declared_provider_can_be_made)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sample.Zones");
  }

  private void serviceFile(String text) throws IOException {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve(SERVICE), text);
  }
}
