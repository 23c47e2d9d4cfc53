package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example, by the packaged command line with this module as a plugin, in processes of their
 * own: a run that is killed is finished by the next, another changes nothing, and a release leaves
 * nothing.
 */
class ApplyIT {
  private static final Path JAR = Path.of("../impl/target/dualstack.jar");
  private static final Path EXAMPLE = Path.of("../impl/examples/openstack");
  private static final String NETWORK_OF_THE_EXAMPLE = "6f2a4e52-93c1-4b0e-8d55-0d6a1f7f9c11";
  private static final int CELLS = 6;

  @TempDir private Path folder;

  @BeforeAll
  static void look_for_the_jar() {
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.exists(JAR), JAR + " is missing; package the module impl first");
    }
  }

  @Test
  void drives_the_fake() throws Exception {
    try (FakeCloud cloud = new FakeCloud()) {
      Map<String, String> environment =
          Map.of(
              "OS_AUTH_URL", cloud.neutron.authUrl().toString(),
              "OS_USERNAME", FakeKeystone.USER,
              "OS_PASSWORD", FakeKeystone.PASSWORD,
              "OS_PROJECT_NAME", FakeKeystone.PROJECT);
      Supplier<List<JsonNode>> ports =
          () -> cloud.neutron.all("ports").stream().map(Cells::json).toList();
      Driver driver = new Driver(cloud.network, environment, List.of(), ports);

      driver.killOnceAPortIsMade();
      driver.applyAndCheck();
      cloud.neutron.forgetRequests();
      driver.applyAgain();
      assertThat(cloud.neutron.requests())
          .as("requests of a run that changes nothing")
          .isNotEmpty()
          .filteredOn(request -> !request.path().endsWith("/auth/tokens"))
          .extracting(FakeRequest::method)
          .containsOnly("GET");
      driver.repair(id -> cloud.neutron.remove("ports", id));
      driver.release();
    }
  }

  @Test
  void drives_neutron_itself() throws Exception {
    try (RealNeutron neutron = RealNeutron.start()) {
      NeutronProject project = neutron.project();
      List<String> settings = new ArrayList<>();
      project
          .settings()
          .forEach(
              (key, value) ->
                  settings.addAll(List.of("--provider-setting", "openstack." + key + "=" + value)));
      settings.addAll(List.of("--provider-setting", "openstack.concurrency=2"));
      Driver driver = new Driver(project.network, Map.of(), settings, project::ports);

      driver.killOnceAPortIsMade();
      driver.applyAndCheck();
      driver.applyAgain();
      driver.repair(project::removePort);
      driver.release();
    }
  }

  /** Runs of the command line against one cloud. */
  private final class Driver {
    private final Map<String, String> environment;
    private final List<String> settings;
    private final Supplier<List<JsonNode>> ports;
    private final List<String> deployment;

    Driver(
        String network,
        Map<String, String> environment,
        List<String> settings,
        Supplier<List<JsonNode>> ports)
        throws IOException {
      this.environment = environment;
      this.settings = settings;
      this.ports = ports;
      Path cloudConfig =
          Files.writeString(
              folder.resolve("cloud-config.yml"),
              Files.readString(EXAMPLE.resolve("cloud-config.yml"))
                  .replace(NETWORK_OF_THE_EXAMPLE, network));
      Path manifest =
          Files.writeString(
              folder.resolve("manifest.yml"),
              Files.readString(EXAMPLE.resolve("manifest.yml"))
                  .replace("instances: 3", "instances: " + CELLS));
      deployment =
          List.of(
              "apply",
              "--cloud-config",
              cloudConfig.toString(),
              "--manifest",
              manifest.toString(),
              "--provider",
              "openstack");
    }

    private Process start(List<String> command, Path output) throws IOException {
      List<String> all =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-jar",
                  JAR.toString()));
      all.addAll(command);
      all.addAll(
          List.of("--plugins", "target/plugins", "--store", "sqlite:" + folder.resolve("ips.db")));
      all.addAll(settings);
      ProcessBuilder builder =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
      builder.environment().putAll(environment);
      builder.environment().put("HOME", folder.toString());
      return builder.start();
    }

    private String run(List<String> command) throws Exception {
      return run(command, 0);
    }

    private String run(List<String> command, int expected) throws Exception {
      Path output = Files.createTempFile(folder, "output", ".txt");
      Process process = start(command, output);
      int status = process.waitFor();
      String text = Files.readString(output);
      assertThat(status).as(text).isEqualTo(expected);
      return text;
    }

    /** Loses a port and, by a store of yesterday, a machine; both are found and repaired. */
    void repair(Consumer<String> removePort) throws Exception {
      Path store = folder.resolve("ips.db");
      Path backup = Files.copy(store, folder.resolve("backup.db"));
      Path manifest = Path.of(deployment.get(deployment.indexOf("--manifest") + 1));
      String usual = Files.readString(manifest);
      Files.writeString(
          manifest, usual.replace("instances: " + CELLS, "instances: " + (CELLS + 1)));
      run(deployment);
      Files.writeString(manifest, usual);
      Files.copy(backup, store, StandardCopyOption.REPLACE_EXISTING);
      removePort.accept(
          ports.get().stream()
              .filter(port -> port.path("description").asText().contains("diego_cell%2F0%2F"))
              .findFirst()
              .orElseThrow()
              .path("id")
              .asText());

      List<String> drift = List.of("drift", "--deployment", "cf");
      assertThat(run(drift, 1)).contains("cf/diego_cell/" + CELLS, "drift --repair", "apply");
      run(List.of("drift", "--deployment", "cf", "--repair"), 1);
      assertThat(ports.get()).hasSize(CELLS - 1);
      run(deployment);
      assertThat(ports.get()).hasSize(CELLS);
      run(drift);
    }

    void killOnceAPortIsMade() throws Exception {
      Process process = start(deployment, Files.createTempFile(folder, "killed", ".txt"));
      while (process.isAlive() && ports.get().isEmpty()) {
        Thread.sleep(2);
      }
      process.destroyForcibly().waitFor();
      assertThat(ports.get()).as("ports of a killed run").isNotEmpty();
    }

    void applyAndCheck() throws Exception {
      run(deployment);
      List<IpPrefix> blocks = new ArrayList<>();
      for (JsonNode port : ports.get()) {
        assertThat(port.path("fixed_ips")).hasSize(2);
        assertThat(port.path("allowed_address_pairs")).hasSize(1);
        assertThat(port.path("security_groups")).hasSize(1);
        for (String address : port.path("fixed_ips").findValuesAsText("ip_address")) {
          blocks.add(IpAddress.parse(address).toPrefix());
        }
        for (String pair : port.path("allowed_address_pairs").findValuesAsText("ip_address")) {
          blocks.add(IpPrefix.parse(pair));
        }
      }
      assertThat(blocks).hasSize(3 * CELLS);
      blocks.sort(null);
      for (int i = 1; i < blocks.size(); i++) {
        assertThat(blocks.get(i - 1).overlaps(blocks.get(i))).isFalse();
      }
    }

    void applyAgain() throws Exception {
      Map<String, JsonNode> before = byId();

      assertThat(run(deployment)).contains("Nothing to change");

      assertThat(byId()).isEqualTo(before);
    }

    private Map<String, JsonNode> byId() {
      Map<String, JsonNode> byId = new LinkedHashMap<>();
      ports.get().forEach(port -> byId.put(port.path("id").asText(), port));
      return byId;
    }

    void release() throws Exception {
      run(List.of("release", "--deployment", "cf"));
      assertThat(ports.get()).isEmpty();
    }
  }
}
