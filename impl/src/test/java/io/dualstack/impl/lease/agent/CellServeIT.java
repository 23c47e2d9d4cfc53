package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.lease.http.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line as operators run it: a registry on one host and two cells on two others, each a
 * process in the namespace of its host.
 */
class CellServeIT {

  private static final Pattern CELL =
      Pattern.compile("cell 10\\.0\\.0\\.\\d with (10\\.255\\.\\d+)\\.0/24(.*), plugins ask.*");

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private Underlay underlay;
  private TestAuthority authority;

  @BeforeAll
  static void namespaces_can_be_made() throws Exception {
    Underlay.require_the_right_to_make_namespaces();
  }

  @BeforeEach
  void make_hosts() {
    underlay = new Underlay(3);
    authority = TestAuthority.in(folder, "ca");
  }

  @AfterEach
  void remove_hosts() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    underlay.close();
  }

  private Path registryConfig() throws IOException {
    TestAuthority.Identity identity = authority.issue("server");
    return Files.writeString(
        folder.resolve("registry.json"),
        """
        {"listen_host": "10.0.0.3", "listen_port": 4103, "ca_cert_file": "%s",
         "server_cert_file": "%s", "server_key_file": "%s", "network": "10.255.0.0/16",
         "subnet_prefix_length": 24, "store": "sqlite:%s", "health_check_port": 8080,
         "debug_server_port": 8081, "not_a_key": 1}
        """
            .formatted(
                authority.certificate(),
                identity.certificate(),
                identity.key(),
                folder.resolve("leases.db")));
  }

  private Path cellConfig(int host) throws IOException {
    TestAuthority.Identity identity = authority.issue("cell-" + host);
    return Files.writeString(
        folder.resolve("cell-" + host + ".json"),
        """
        {"underlay_ip": "10.0.0.%d", "subnet_prefix_length": 24,
         "overlay_network": ["10.255.0.0/16"], "connectivity_server_url": "https://10.0.0.3:4103",
         "ca_cert_file": "%s", "client_cert_file": "%s", "client_key_file": "%s",
         "poll_interval": 1, "datastore": "%s", "ipv6_prefix": "2001:db8:0:%d::/80",
         "client_timeout_seconds": 60, "debug_server_port": 22233}
        """
            .formatted(
                host,
                authority.certificate(),
                identity.certificate(),
                identity.key(),
                folder.resolve("store-" + host + ".json"),
                host));
  }

  private Process run(int host, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                underlay.name(host),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.dualstack.impl.cli.Main"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  /** Reads what a process says up to the line that it is ready with. */
  private static String until(Process process, String start) throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(start)) {
        return line;
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("ended before it said \"" + start + "\": " + all);
  }

  private String cell(int host) throws IOException {
    return until(run(host, "cell", "serve", "--config", cellConfig(host).toString()), "cell ");
  }

  private String container(int host, String said) {
    Matcher matcher = CELL.matcher(said);
    assertThat(matcher.matches()).as(said).isTrue();
    String address = matcher.group(1) + ".2";
    underlay.on(host, "ip", "address", "replace", address + "/32", "dev", "lo");
    return address;
  }

  private void assertReaches(int host, String from, String to) {
    assertThat(underlay.on(host, "ping", "-c", "1", "-w", "30", "-I", from, to))
        .contains("1 received");
  }

  private String get(int host, int port, String path) {
    return underlay
        .host(host)
        .call(
            () ->
                new String(
                    URI.create("http://127.0.0.1:" + port + path)
                        .toURL()
                        .openStream()
                        .readAllBytes(),
                    StandardCharsets.UTF_8));
  }

  @Test
  void two_cells_find_each_other_and_survive_the_end_of_every_process() throws Exception {
    Path config = registryConfig();
    Process registry = run(3, "leases", "serve", "--config", config.toString());
    assertThat(until(registry, config.toString())).contains("warning: /not_a_key");
    assertThat(until(registry, "leases of")).contains("10.255.0.0/16 on port 4103");
    assertThat(get(3, 8080, "/health")).isEmpty();

    String one = cell(1);
    String two = cell(2);
    String first = container(1, one);
    String second = container(2, two);
    assertReaches(1, first, second);
    assertReaches(2, second, first);
    assertThat(get(1, 23954, "/"))
        .isEqualTo(
            "{\"overlay_subnet\":\"%s/24\",\"mtu\":1450,\"ipv6_prefix\":\"2001:db8:0:1::/80\"}"
                .formatted(first.replaceAll("\\.2$", ".0")));
    assertThat(get(1, 22233, "/metrics")).contains("silk_daemon_renew_success_total");
    assertThat(get(3, 8081, "/metrics")).contains("silk_controller_total_leases 2.0");

    Process daemon = processes.get(1);
    daemon.destroy();
    assertThat(daemon.waitFor()).isEqualTo(128 + 15);
    assertReaches(1, first, second);
    assertThat(cell(1)).isEqualTo(one);

    registry.destroyForcibly().waitFor();
    assertReaches(2, second, first);
    Process again = run(3, "leases", "serve", "--config", config.toString());
    until(again, "leases of");
    assertThat(get(3, 8081, "/metrics")).contains("silk_controller_total_leases 2.0");
    again.destroy();
    assertThat(again.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void teardown_gives_up_the_lease_and_the_device() throws Exception {
    until(run(3, "leases", "serve", "--config", registryConfig().toString()), "leases of");
    cell(1);
    processes.get(1).destroy();
    assertThat(processes.get(1).waitFor()).isEqualTo(128 + 15);

    assertThat(run(1, "cell", "teardown", "--config", cellConfig(1).toString()).waitFor()).isZero();

    assertThat(underlay.on(1, "ip", "link", "show")).doesNotContain("silk-vtep");
    assertThat(get(3, 8081, "/metrics")).contains("silk_controller_total_leases 0.0");
  }
}
