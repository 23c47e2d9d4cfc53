package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.http.TestAuthority;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The executable jar on the hosts of a lab, as operators run it: the registry on the first host,
 * and cells on others. What still runs is killed when this is closed.
 */
public final class Programs implements AutoCloseable {
  /** The exit code of a process that was asked to end by SIGTERM. */
  public static final int ENDED_AS_ASKED = 128 + 15;

  /** Where the registry tells its metrics. */
  public static final int REGISTRY_METRICS = 8081;

  private final Path folder;
  private final LabHost registry;
  private final TestAuthority authority;
  private final List<Process> processes = new CopyOnWriteArrayList<>();

  /**
   * Prepares to run programs.
   *
   * @param folder for configurations, certificates and the store of leases
   * @param registry the lab's first host, whose address the certificates name
   */
  public Programs(Path folder, LabHost registry) {
    this.folder = folder;
    this.registry = registry;
    this.authority = TestAuthority.in(folder, "ca");
  }

  /** Starts the registry and waits until it serves. */
  public Process serveLeases() throws IOException {
    TestAuthority.Identity identity = authority.issue("server");
    Path config =
        Files.writeString(
            folder.resolve("registry.json"),
            """
            {"listen_host": "%s", "listen_port": 4103, "ca_cert_file": "%s",
             "server_cert_file": "%s", "server_key_file": "%s", "network": "10.255.0.0/16",
             "subnet_prefix_length": 24, "store": "sqlite:%s", "health_check_port": 8080,
             "debug_server_port": %d, "not_a_key": 1}
            """
                .formatted(
                    registry.address(IpFamily.IPV4),
                    authority.certificate(),
                    identity.certificate(),
                    identity.key(),
                    folder.resolve("leases.db"),
                    REGISTRY_METRICS));
    Process process = run(registry, "leases", "serve", "--config", config.toString());
    assertThat(until(process, config.toString())).contains("warning: /not_a_key");
    assertThat(until(process, "leases of")).contains("10.255.0.0/16 on port 4103");
    return process;
  }

  /** Writes the configuration of a cell. */
  public Path cellConfig(LabHost host, String ipv6Prefix, Path datastore) throws IOException {
    TestAuthority.Identity identity = authority.issue(host.name());
    return Files.writeString(
        folder.resolve(host.name() + ".json"),
        """
        {"underlay_ip": "%s", "subnet_prefix_length": 24, "overlay_network": ["10.255.0.0/16"],
         "connectivity_server_url": "https://%s:4103", "ca_cert_file": "%s",
         "client_cert_file": "%s", "client_key_file": "%s", "poll_interval": 1,
         "datastore": "%s", "ipv6_prefix": "%s", "client_timeout_seconds": 60,
         "debug_server_port": 22233}
        """
            .formatted(
                host.address(IpFamily.IPV4),
                registry.address(IpFamily.IPV4),
                authority.certificate(),
                identity.certificate(),
                identity.key(),
                datastore,
                ipv6Prefix));
  }

  /** Starts the command line on a host. */
  public Process run(LabHost host, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("dualstack.jar")));
    command.addAll(List.of(arguments));
    Process process =
        host.call(() -> new ProcessBuilder(command).redirectErrorStream(true).start());
    processes.add(process);
    return process;
  }

  /** Runs the command line on a host to its end, which must be a good one; returns what it said. */
  public String runToEnd(LabHost host, String... arguments)
      throws IOException, InterruptedException {
    Process process = run(host, arguments);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Reads what a process says up to the line that begins so. */
  public static String until(Process process, String start) throws IOException {
    return until(process, "\"" + start + "\"", line -> line.startsWith(start));
  }

  /** Reads what a process says up to a line. */
  public static String until(Process process, String what, Predicate<String> isIt)
      throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (isIt.test(line)) {
        return line;
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("ended before it said " + what + ": " + all);
  }

  /** Asks a process to end and waits until it has. */
  public static void end(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(ENDED_AS_ASKED);
  }

  /** What a host answers itself over HTTP. */
  public static String get(LabHost host, int port, String path) {
    return host.call(
        () -> {
          // Each on a connection of its own: one that is kept belongs to some host's namespace.
          HttpURLConnection connection =
              (HttpURLConnection)
                  new URL("http", "127.0.0.1", port, path).openConnection(Proxy.NO_PROXY);
          connection.setRequestProperty("Connection", "close");
          return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        });
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }
}
