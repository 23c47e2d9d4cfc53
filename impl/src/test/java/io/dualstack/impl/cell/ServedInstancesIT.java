package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.cni.wrapper.WrapperPlugin;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cell as operators run it, whose containers they ask for. */
@ExtendWith(LabExtension.class)
class ServedInstancesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int DEBUG_PORT = 22233;

  private final List<String> addresses = new ArrayList<>();
  @TempDir private Path folder;
  private Programs programs;
  private LabHost cell;
  private LabHost container;
  private Path socket;

  @BeforeEach
  void a_registry_and_a_host(Lab lab) throws IOException {
    LabHost registry = lab.host("registry");
    cell = lab.host("cell");
    container = lab.container("one");
    cell.ip("link set dev lo up");
    socket = folder.resolve("cni.sock");
    programs = new Programs(folder, registry);
    assertThat(programs.serveLeases().isAlive()).isTrue();
  }

  @AfterEach
  void kill_what_still_runs() throws InterruptedException {
    programs.close();
  }

  private void serve(boolean ipv6) throws IOException {
    Path file = programs.cellConfig(cell, "2001:db8:30::/80", folder.resolve("store.json"));
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    config.put("cni_datastore_path", folder.resolve("metadata.json").toString());
    if (!ipv6) {
      config.remove("ipv6_prefix");
    }
    Files.writeString(file, config.toString());
    Process daemon =
        programs.run(
            cell,
            "cell",
            "serve",
            "--config",
            file.toString(),
            "--plugin-socket",
            socket.toString());
    assertThat(Programs.until(daemon, "cell ")).contains("plugins ask port 23954");
  }

  /** Of the wrapper plugin, which writes what the container is there for. */
  private String config(boolean ipv6) {
    return """
        {"cniVersion": "1.0.0", "name": "cni-wrapper", "type": "cni-wrapper-plugin",
         "datastore": "%1$s/metadata.json", "iptables_lock_file": "%1$s/iptables.lock",
         "instance_address": "%2$s", "underlay_ips": ["%2$s"], "ingress_tag": "ffff0000",
         "vtep_name": "silk-vtep", "iptables_denied_logs_per_sec": 1,
         "iptables_accepted_udp_logs_per_sec": 100,
         "outbound_connections": {"burst": 100, "rate_per_sec": 10}, %3$s
         "metadata": {"policy_group_id": "app-a", "space_id": "space", "ports": "8080",
                      "container_workload": "app",
                      "log_config": "{\\"guid\\":\\"app-a\\",\\"index\\":2}"},
         "delegate": {"type": "silk-cni", "dataDir": "%1$s/silk", "datastore": "%1$s/store.json",
                      "daemonPort": 23954}}
        """
        .formatted(
            folder,
            cell.address(IpFamily.IPV4),
            ipv6 ? "\"ipv6_prefix\": \"2001:db8:30::/80\"," : "");
  }

  private String call(String command, boolean ipv6) {
    String config = config(ipv6);
    try (Namespace host = Namespace.open(cell.namespace())) {
      PluginSkeleton.Answer answer =
          new PluginSkeleton(
                  new WrapperPlugin(
                      host,
                      Map.of(
                          "silk-cni",
                          new SilkPlugin(new HostLocalIpam(IpamDurability.DURABLE), host))))
              .serve(
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
                      "/nowhere"),
                  new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
      assertThat(answer.exitCode()).as(answer.stdout()).isZero();
      return answer.stdout();
    }
  }

  private void attach(boolean ipv6) throws IOException {
    for (JsonNode ip : JSON.readTree(call("ADD", ipv6)).path("ips")) {
      addresses.add(IpPrefix.parse(ip.path("address").asText()).address().toString());
    }
    assertThat(addresses).hasSize(ipv6 ? 2 : 1);
  }

  private String ask(String... more) throws IOException, InterruptedException {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "instances";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return programs.runToEnd(cell, arguments);
  }

  @Test
  void metrics_tell_of_what_plugins_have_the_daemon_do() throws Exception {
    InstalledPlugins plugins =
        InstalledPlugins.into(folder.resolve("bin"), socket, "cni-wrapper-plugin");
    serve(false);

    String config = config(false);
    Path wrapper = plugins.directory().resolve("cni-wrapper-plugin");
    assertThat(plugins.call(cell, container, "ADD", wrapper, config).exitCode()).isZero();
    assertThat(Programs.get(cell, DEBUG_PORT, "/metrics").lines())
        .contains(
            "silk_daemon_attach_seconds_count{outcome=\"ok\"} 1",
            "silk_daemon_firewall_containers{backend=\"iptables\"} 1.0")
        .anyMatch(
            line ->
                line.startsWith(
                    "silk_daemon_firewall_apply_seconds_count{backend=\"iptables\",change=\"put\""));
    assertThat(plugins.call(cell, container, "DEL", wrapper, config).exitCode()).isZero();

    assertThat(Programs.get(cell, DEBUG_PORT, "/metrics").lines())
        .contains(
            "silk_daemon_detach_seconds_count{outcome=\"ok\"} 1",
            "silk_daemon_firewall_containers{backend=\"iptables\"} 0.0");
  }

  @Test
  void a_container_is_shown_with_both_addresses_while_it_is_attached() throws Exception {
    serve(true);
    assertThat(ask("--cell", "http://127.0.0.1:23954")).isEqualTo("There are no instances.\n");
    attach(true);

    String shown = ask("--cell", "http://127.0.0.1:23954");

    assertThat(shown.lines()).hasSize(2);
    assertThat(shown.lines().toList().get(1).split(" +"))
        .containsExactly(
            "app-a",
            "#2",
            "ATTACHED",
            "-",
            cell.address(IpFamily.IPV4).toString(),
            addresses.get(0),
            addresses.get(1),
            "-");
    assertThat(ask("--cell", "unix:" + socket)).isEqualTo(shown);

    assertThat(call("DEL", true)).isEmpty();
    assertThat(ask("--cell", "unix:" + socket)).isEqualTo("There are no instances.\n");
  }

  @Test
  void a_cell_without_ipv6_shows_and_tells_nothing_of_it() throws Exception {
    serve(false);
    attach(false);

    GoldenFiles.of("served-instances")
        .assertMatch(
            Map.of(
                "records.json", anonymous(Programs.get(cell, 23954, "/instances") + "\n"),
                "table.txt",
                    anonymous(ask("--cell", "http://127.0.0.1:23954")).replaceAll("  +", "  "),
                "instances.json", anonymous(ask("--cell", "unix:" + socket, "--json"))));
    assertThat(Programs.get(cell, 23954, "/"))
        .matches("\\{\"overlay_subnet\":\"[0-9./]+\",\"mtu\":1450}");
  }

  /** Has names in place of what is not the same each time. */
  private String anonymous(String text) {
    return text.replace(addresses.get(0), "INSTANCE")
        .replace(cell.address(IpFamily.IPV4).toString(), "CELL")
        .replace(container.namespace().getFileName().toString(), "GUID");
  }
}
