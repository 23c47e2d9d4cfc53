package io.dualstack.impl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two ways to start what was built: the executable jar, and the modules of the library. */
class ExecutableJarIT {
  private static final String JAR = System.getProperty("dualstack.jar");
  private static final String VERSION = "dualstack " + System.getProperty("dualstack.version");

  @Test
  void tells_its_version() throws Exception {
    assertThat(java("-jar", JAR, "--version")).isEqualTo(VERSION + "\n");
  }

  @Test
  void tells_its_version_on_the_module_path() throws Exception {
    String modules =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> isOnModulePath(Path.of(entry).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));

    assertThat(
            java(
                "--module-path",
                modules,
                "--add-modules",
                "info.picocli",
                "--module",
                "io.dualstack.impl/io.dualstack.impl.cli.Main",
                "--version"))
        .isEqualTo(VERSION + "\n");
  }

  @Test
  void finds_the_embedded_store_driver_and_a_logger() throws IOException {
    assertThat(entries())
        .contains(
            "META-INF/services/java.sql.Driver",
            "META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
  }

  @Test
  void applies_a_deployment_to_postgresql(@TempDir Path folder) throws Exception {
    applies(folder, PostgresServer.shared().empty(""));
  }

  @Test
  void applies_a_deployment_to_mariadb(@TempDir Path folder) throws Exception {
    applies(folder, MariaServer.shared().empty());
  }

  private static void applies(Path folder, String store) throws Exception {
    Path cloudConfig =
        Files.writeString(folder.resolve("cloud-config.yml"), KilledApplyIT.cloudConfig());
    Path manifest =
        Files.writeString(folder.resolve("manifest.yml"), KilledApplyIT.manifest("cf", 3));

    String applied =
        java(
            "-jar",
            JAR,
            "apply",
            "--store",
            store,
            "--cloud-config",
            cloudConfig.toString(),
            "--manifest",
            manifest.toString());

    assertThat(applied).doesNotContain("user=");
    assertThat(java("-jar", JAR, "usage", "--store", store)).isNotEmpty();
    try (Dualstack dualstack = Dualstack.builder().store(store).build()) {
      assertThat(dualstack.allocator().blocks(OwnerScope.ALL)).hasSize(6);
    }
  }

  @Test
  void carries_natives_for_linux_alone() throws IOException {
    assertThat(entries())
        .filteredOn(entry -> entry.matches("org/sqlite/native/.*[^/]"))
        .contains("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so")
        .allMatch(entry -> entry.matches("org/sqlite/native/Linux(-Musl)?/.*"));
  }

  @Test
  void carries_the_licences() throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      String thirdParties =
          new String(
              jar.getInputStream(jar.getEntry("META-INF/THIRD-PARTY")).readAllBytes(), UTF_8);

      assertThat(thirdParties)
          .contains(
              "guava", "mariadb-java-client", "picocli", "postgresql", "slf4j-api", "sqlite-jdbc");
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
      assertThat(jar.getEntry("META-INF/LICENSE.txt")).as("of slf4j").isNotNull();
      assertThat(jar.getEntry("META-INF/NOTICE")).as("of jackson").isNotNull();
    }
  }

  @Test
  void carries_no_module_declaration_and_no_signature() throws IOException {
    assertThat(entries()).noneMatch(entry -> entry.matches(".*module-info\\.class|.*\\.(SF|RSA)"));
  }

  private static boolean isOnModulePath(String jar) {
    return jar.matches(
        "(dualstack-(api|impl)|ipaddress|guava|failureaccess|jackson-|jspecify|picocli|slf4j|snakeyaml|sqlite).*");
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }

  private static String java(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
