package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.cloud.gcp.FakeCompute;
import io.dualstack.testkit.cloud.gcp.FakeSubnetwork;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command {@code cpi} with each cloud's provider, called as a director calls a CPI: a process a
 * call, one JSON object in and one out, and next to nothing in the environment.
 */
class CpiIT {
  private static final Path JAR = Path.of("../impl/target/dualstack.jar");
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, Path> PLUGINS =
      Map.of(
          "aws", Path.of("../spi-aws/target/plugins"),
          "gcp", Path.of("../spi-gcp/target/plugins"),
          "openstack", Path.of("target/plugins"));

  /** What of its own environment a director leaves to a CPI. */
  private static final Set<String> ENVIRONMENT = Set.of("PATH", "TMPDIR");

  @TempDir private Path folder;

  @BeforeAll
  static void look_for_what_is_packaged() {
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.exists(JAR), JAR + " is missing; package the module impl first");
      PLUGINS.values().forEach(one -> assumeTrue(Files.exists(one), one + " is missing"));
    }
  }

  /** One provider's CPI. */
  private final class Cpi {
    private final String provider;
    private final Path config;
    private final Path request = folder.resolve("request.json");
    private final Path answer = folder.resolve("answer.json");

    Cpi(String provider, Map<String, String> settings) throws IOException {
      this.provider = provider;
      ObjectNode document = JSON.createObjectNode();
      document.put("store", "sqlite:" + folder.resolve("store.db"));
      document
          .putArray("plugins")
          .add(PLUGINS.getOrDefault(provider, folder).toAbsolutePath().toString());
      document.set("settings", JSON.valueToTree(settings));
      config = Files.writeString(folder.resolve("cpi.json"), document.toString());
    }

    private Process start(String method, JsonNode arguments, int version) throws IOException {
      ObjectNode call = JSON.createObjectNode().put("method", method);
      call.set("arguments", arguments);
      call.putObject("context").put("director_uuid", "d").put("request_id", "cpi-1");
      call.put("api_version", version);
      Files.writeString(request, call.toString());
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Duser.home=" + folder,
                  "-jar",
                  JAR.toAbsolutePath().toString(),
                  "cpi",
                  "--provider",
                  provider,
                  "--config",
                  config.toString())
              .redirectInput(request.toFile())
              .redirectOutput(answer.toFile())
              .redirectError(folder.resolve("log.txt").toFile());
      builder.environment().keySet().retainAll(ENVIRONMENT);
      builder.environment().put("HOME", folder.toString());
      return builder.start();
    }

    JsonNode call(String method, JsonNode arguments, int version) throws Exception {
      assertThat(start(method, arguments, version).waitFor()).isZero();
      JsonNode answered = JSON.readTree(Files.readString(answer));
      assertThat(answered.fieldNames()).toIterable().containsExactly("result", "error", "log");
      return answered;
    }

    JsonNode result(String method, JsonNode arguments, int version) throws Exception {
      JsonNode answered = call(method, arguments, version);
      assertThat(answered.path("error").isNull()).as("%s", answered).isTrue();
      return answered.path("result");
    }

    boolean hasVm() throws Exception {
      return result("has_vm", JSON.createArrayNode().add("agent-1"), 2).booleanValue();
    }

    /**
     * Makes a machine's NICs, killed once and asked for again, in both versions, and removes them.
     */
    JsonNode liveAndDie(JsonNode networks, IntSupplier made) throws Exception {
      ArrayNode arguments = JSON.createArrayNode().add("agent-1").add("stemcell");
      arguments.addObject();
      arguments.add(networks).addArray();
      arguments.addObject();
      assertThat(hasVm()).isFalse();
      Process killed = start("create_vm", arguments, 2);
      while (killed.isAlive() && made.getAsInt() == 0) {
        Thread.onSpinWait();
      }
      killed.destroyForcibly().waitFor();

      JsonNode created = result("create_vm", arguments, 2);
      assertThat(created.path(0).asText()).isEqualTo("agent-1");
      int nics = made.getAsInt();
      JsonNode again = call("create_vm", arguments, 2);
      assertThat(again.path("result")).isEqualTo(created);
      assertThat(again.path("log").asText()).startsWith("found NIC 1 (").doesNotContain("attached");
      assertThat(result("create_vm", arguments, 1).asText()).isEqualTo("agent-1");
      assertThat(made.getAsInt()).isEqualTo(nics);
      assertThat(hasVm()).isTrue();

      assertThat(result("delete_vm", JSON.createArrayNode().add("agent-1"), 2).isNull()).isTrue();
      assertThat(made.getAsInt()).isZero();
      assertThat(hasVm()).isFalse();
      return created.path(1);
    }
  }

  private static ObjectNode manual(
      String ip, int prefix, String netmask, String gateway, Map<String, String> properties) {
    ObjectNode network = JSON.createObjectNode();
    network
        .put("type", "manual")
        .put("ip", ip)
        .put("prefix", Integer.toString(prefix))
        .put("netmask", netmask)
        .put("gateway", gateway)
        .put("nic_group", "1")
        .put("of_a_later_version", "kept");
    network.set("cloud_properties", JSON.valueToTree(properties));
    return network;
  }

  private static ObjectNode ipv6(
      String ip, int prefix, String gateway, Map<String, String> properties) {
    return manual(ip, prefix, "ffff:ffff:ffff:ffff:0000:0000:0000:0000", gateway, properties);
  }

  /** Checks that networks came back as they were sent, with what the provider knows besides. */
  private static void assertCompleted(JsonNode completed, ObjectNode sent, boolean hasMac) {
    sent.fieldNames()
        .forEachRemaining(
            name -> {
              ObjectNode network = completed.path(name).deepCopy();
              assertThat(network.path("nic_id").asText()).isNotEmpty();
              assertThat(network.has("mac")).isEqualTo(hasMac);
              network.remove(List.of("nic_id", "mac"));
              assertThat(network).isEqualTo(sent.get(name));
            });
  }

  @Test
  void elastic_network_interfaces() throws Exception {
    Map<String, String> subnet = Map.of("subnet", "subnet-12345", "security_groups", "sg-abcd");
    ObjectNode networks = JSON.createObjectNode();
    networks.set("cells_v4", manual("10.0.16.4", 32, "255.255.240.0", "10.0.16.1", subnet));
    networks.set(
        "cells_v6", ipv6("2001:db8:4e04:d139::1000", 128, "2001:db8:4e04:d139::1", subnet));
    networks.set("diego", ipv6("2001:db8:4e04:d139:1::", 80, "2001:db8:4e04:d139::1", subnet));
    // The director passes no credentials on; the SDK's chain finds them in the home directory.
    Files.createDirectories(folder.resolve(".aws"));
    Files.writeString(
        folder.resolve(".aws/credentials"),
        "[default]\naws_access_key_id = AKIACPI\naws_secret_access_key = s\n");
    try (FakeEc2 ec2 =
        new FakeEc2()
            .subnet(
                "subnet-12345",
                "vpc-1",
                "eu-central-1a",
                IpPrefix.parse("10.0.16.0/20"),
                IpPrefix.parse("2001:db8:4e04:d139::/64"))
            .securityGroup("sg-abcd", "vpc-1", "cells")) {
      Cpi cpi =
          new Cpi("aws", Map.of("endpoint", ec2.endpoint().toString(), "region", "eu-central-1"));
      assertThat(cpi.result("info", JSON.createArrayNode(), 1).path("api_version").asInt())
          .isEqualTo(2);

      JsonNode completed = cpi.liveAndDie(networks, () -> ec2.networkInterfaces().size());

      assertCompleted(completed, networks, true);
      assertThat(ec2.requests())
          .allSatisfy(
              request ->
                  assertThat(request.header("Authorization").orElseThrow()).contains("AKIACPI"));
      JsonNode found =
          cpi.result(
              "create_network",
              JSON.readTree("[{\"type\": \"manual\", \"range\": \"10.0.16.0/24\"}]"),
              2);
      assertThat(found.path(0).asText()).isEqualTo("subnet-12345");
      assertThat(found.at("/1/range").asText()).isEqualTo("10.0.16.0/24");
      assertThat(
              cpi.call("reboot_vm", JSON.createArrayNode().add("agent-1"), 2)
                  .at("/error/type")
                  .asText())
          .isEqualTo("Bosh::Clouds::NotImplemented");
    }
  }

  @Test
  void reserved_addresses_of_compute_engine() throws Exception {
    Map<String, String> cells = Map.of("network_name", "cf", "subnetwork_name", "cells");
    ObjectNode networks = JSON.createObjectNode();
    networks.set("cells_v4", manual("10.0.16.4", 32, "255.255.240.0", "10.0.16.1", cells));
    networks.set("cells_v6", ipv6("fd20:4e04:d139:0:1::", 96, "fd20:4e04:d139::1", cells));
    try (FakeCompute compute = new FakeCompute("cf-project", "europe-west1")) {
      compute.add(
          FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.16.0/20"))
              .withInternalIpv6(IpPrefix.parse("fd20:4e04:d139::/64")));
      Cpi cpi =
          new Cpi(
              "gcp",
              Map.of(
                  "endpoint", compute.endpoint().toString(),
                  "credentials", "none",
                  "project", "cf-project",
                  "region", "europe-west1"));

      JsonNode completed = cpi.liveAndDie(networks, () -> compute.addresses().size());

      assertCompleted(completed, networks, false);
    }
  }

  @Test
  void ports_of_neutron() throws Exception {
    try (FakeCloud cloud = new FakeCloud()) {
      Map<String, String> net = Map.of("net_id", cloud.network);
      ObjectNode networks = JSON.createObjectNode();
      networks.set("cells_v4", manual("10.64.0.16", 32, "255.255.240.0", "10.64.0.1", net));
      networks.set("cells_v6", ipv6("2001:db8:64::10", 128, "2001:db8:64::1", net));
      networks.set("diego", ipv6("2001:db8:64:0:1::", 80, "2001:db8:64::1", net));
      Cpi cpi =
          new Cpi(
              "openstack",
              Map.of(
                  "auth_url", cloud.neutron.authUrl().toString(),
                  "username", FakeKeystone.USER,
                  "password", FakeKeystone.PASSWORD,
                  "project_name", FakeKeystone.PROJECT));

      JsonNode completed = cpi.liveAndDie(networks, () -> cloud.neutron.all("ports").size());

      assertCompleted(completed, networks, true);
    }
  }
}
