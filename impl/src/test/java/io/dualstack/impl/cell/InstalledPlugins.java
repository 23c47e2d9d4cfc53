package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A directory of plugins as {@code dualstack cni install} makes it, called as runtimes do: an
 * executable in the host's namespace.
 */
public record InstalledPlugins(Path directory) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is in Debian's package of plugins. */
  static final Path OTHERS = Path.of("/usr/lib/cni");

  /** What a call answered. */
  record Answer(int exitCode, String text) {
    static final Answer DONE = new Answer(0, "");

    JsonNode json() throws IOException {
      return JSON.readTree(text);
    }

    ObjectNode success() throws IOException {
      assertThat(exitCode).as(text).isZero();
      return (ObjectNode) json();
    }
  }

  /**
   * Installs plugins.
   *
   * @param socket the daemon's, which need not be there
   * @param names the plugins; none for those that are installed by default
   */
  public static InstalledPlugins into(Path directory, Path socket, String... names)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("dualstack.jar"),
                "cni",
                "install",
                directory.toString(),
                "--socket",
                socket.toString()));
    for (String name : names) {
      command.addAll(List.of("--plugin", name));
    }
    Process install = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(install.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(install.waitFor()).as(output).isZero();
    return new InstalledPlugins(directory);
  }

  /** The same plugins without a virtual machine to fall back on, so that only a daemon helps. */
  InstalledPlugins withoutFallback() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return copy(java, directory.resolve("without-fallback"), "/bin/false");
  }

  /** The same plugins but for some text in them, in another directory. */
  InstalledPlugins copy(String from, Path into, String to) throws IOException {
    Files.createDirectories(into);
    for (String name : new String[] {"silk-cni", "host-local"}) {
      Path copy =
          Files.copy(
              directory.resolve(name), into.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      String script = Files.readString(copy);
      assertThat(script).contains(from);
      Files.writeString(copy, script.replace(from, to));
    }
    return new InstalledPlugins(into);
  }

  Path silk() {
    return directory.resolve("silk-cni");
  }

  Answer call(LabHost host, LabHost container, String command, Path plugin, String config) {
    return host.call(
        () -> {
          ProcessBuilder builder = new ProcessBuilder(plugin.toString());
          builder
              .environment()
              .putAll(
                  Map.of(
                      "CNI_COMMAND",
                      command,
                      "CNI_CONTAINERID",
                      container.name(),
                      "CNI_NETNS",
                      container.namespace().toString(),
                      "CNI_IFNAME",
                      "eth0",
                      "CNI_PATH",
                      directory + ":" + OTHERS));
          Process process = builder.start();
          try (var stdin = process.getOutputStream()) {
            stdin.write(config.getBytes(StandardCharsets.UTF_8));
          }
          String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          return new Answer(process.waitFor(), text);
        });
  }
}
