package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cell.InstalledPlugins.Answer;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin as container runtimes call it: an executable, in the host's namespace, alone and
 * chained with plugins of others.
 */
@ExtendWith(LabExtension.class)
class InstalledPluginIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir static Path installed;
  private static InstalledPlugins plugins;

  @TempDir Path directory;
  private LabHost host;
  private LabHost container;

  @BeforeAll
  static void plugins_are_installed() throws IOException, InterruptedException {
    plugins = InstalledPlugins.into(installed, installed.resolve("cni.sock"));
    assertThat(installed.resolve("silk-cni")).isExecutable();
    assertThat(installed.resolve("host-local")).isExecutable();
    assertThat(plugins.silk()).content().doesNotContainPattern("@[A-Z]+@");
  }

  @BeforeEach
  void a_host_and_a_container(Lab lab) {
    host = lab.host("cell1");
    container = lab.container("c1");
  }

  private Answer call(String command, Path plugin, String config) {
    return plugins.call(host, container, command, plugin, config);
  }

  private Answer silk(String command, String version, Optional<JsonNode> prevResult)
      throws IOException {
    Path subnet = directory.resolve("subnet.env");
    if (!Files.exists(subnet)) {
      networks("FLANNEL_IPV6_SUBNET=2001:db8:30::/80");
    }
    ObjectNode config =
        config("silk-cni", version, prevResult)
            .put("dataDir", directory.toString())
            .put("datastore", directory.resolve("store.json").toString())
            .put("subnetFile", subnet.toString());
    return call(command, plugins.silk(), config.toString());
  }

  private void networks(String more) throws IOException {
    Files.writeString(
        directory.resolve("subnet.env"),
        "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\n" + more + "\n");
  }

  private static ObjectNode config(String type, String version, Optional<JsonNode> prevResult) {
    ObjectNode config =
        JSON.createObjectNode().put("cniVersion", version).put("name", "silk").put("type", type);
    prevResult.ifPresent(result -> config.set("prevResult", result));
    return config;
  }

  @Test
  void a_container_is_attached_checked_and_detached_without_a_daemon() throws IOException {
    ObjectNode result = silk("ADD", "1.0.0", Optional.empty()).success();

    assertThat(result.at("/ips/0/address").asText()).isEqualTo("10.255.30.2/32");
    assertThat(result.at("/ips/1/address").asText()).isEqualTo("2001:db8:30::2/128");
    for (IpFamily family : IpFamily.values()) {
      container
          .contact(host, host.address(family))
          .assertReachedFrom(
              IpAddress.parse(family == IpFamily.IPV4 ? "10.255.30.2" : "2001:db8:30::2"));
    }
    assertThat(silk("CHECK", "1.0.0", Optional.of(result))).isEqualTo(Answer.DONE);
    assertThat(silk("DEL", "1.0.0", Optional.of(result))).isEqualTo(Answer.DONE);
    assertThat(silk("DEL", "1.0.0", Optional.empty())).isEqualTo(Answer.DONE);
    assertThat(host.run("ip", "-br", "link")).doesNotContain("s-0102");
    assertThat(silk("CHECK", "1.0.0", Optional.of(result)).exitCode()).isEqualTo(1);
  }

  @Test
  void a_container_is_attached_and_checked_by_a_runtime_of_version_0_4_0() throws IOException {
    ObjectNode result = silk("ADD", "0.4.0", Optional.empty()).success();

    assertThat(result.at("/cniVersion").asText()).isEqualTo("0.4.0");
    assertThat(result.at("/ips/0/version").asText()).isEqualTo("4");
    assertThat(result.at("/ips/1/version").asText()).isEqualTo("6");
    assertThat(silk("CHECK", "0.4.0", Optional.of(result))).isEqualTo(Answer.DONE);
    container.ip("address delete 2001:db8:30::2/128 dev eth0");
    assertThat(silk("CHECK", "0.4.0", Optional.of(result)).exitCode()).isEqualTo(1);
    assertThat(silk("DEL", "0.4.0", Optional.of(result))).isEqualTo(Answer.DONE);
  }

  @Test
  void without_ipv6_the_answer_is_todays_byte_for_byte() throws IOException {
    networks("");

    assertThat(silk("ADD", "1.0.0", Optional.empty()).text())
        .isEqualTo(
            """
            {
                "cniVersion": "1.0.0",
                "interfaces": [
                    {
                        "name": "s-010255030002",
                        "mac": "aa:aa:0a:ff:1e:02"
                    },
                    {
                        "name": "eth0",
                        "mac": "ee:ee:0a:ff:1e:02",
                        "sandbox": "%s"
                    }
                ],
                "ips": [
                    {
                        "interface": 1,
                        "address": "10.255.30.2/32",
                        "gateway": "169.254.0.1"
                    }
                ],
                "routes": [
                    {
                        "dst": "0.0.0.0/0",
                        "gw": "169.254.0.1"
                    }
                ]
            }"""
                .formatted(container.namespace()));
  }

  @Test
  void the_daemons_socket_does_the_same_and_its_end_is_survived() throws IOException {
    ObjectNode result;
    try (Namespace namespace = Namespace.open(host.namespace());
        PluginSocket socket = serve(namespace)) {
      assertThat(socket).isNotNull();
      result = silk("ADD", "1.0.0", Optional.empty()).success();
      Answer second = silk("ADD", "1.0.0", Optional.empty());
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.json().path("code").asInt()).isEqualTo(100);
      assertThat(second.json().path("msg").asText()).isEqualTo("run ipam plugin");
    }

    assertThat(silk("CHECK", "1.0.0", Optional.of(result))).isEqualTo(Answer.DONE);
    assertThat(silk("DEL", "1.0.0", Optional.of(result))).isEqualTo(Answer.DONE);
    assertThat(Files.readString(directory.resolve("store.json"))).isEqualTo("{}\n");
  }

  private static PluginSocket serve(Namespace namespace) throws IOException {
    return PluginSocket.serve(
        installed.resolve("cni.sock"),
        new HostLocalIpam(IpamDurability.DURABLE),
        namespace,
        new CellInstances(IpAddress.parse("10.0.0.1"), installed.resolve("store.json"), null));
  }

  @Test
  void plugins_of_others_are_chained_behind_it_and_undone_in_turn() throws IOException {
    JsonNode result = silk("ADD", "1.0.0", Optional.empty()).success();
    ObjectNode portmap = config("portmap", "1.0.0", Optional.of(result));
    portmap
        .putObject("runtimeConfig")
        .putArray("portMappings")
        .addObject()
        .put("hostPort", 8080)
        .put("containerPort", 80)
        .put("protocol", "tcp");
    portmap.put("snat", true);
    ObjectNode bandwidth =
        config("bandwidth", "1.0.0", Optional.empty())
            .put("ingressRate", 8_000_000)
            .put("ingressBurst", 8_000_000)
            .put("egressRate", 8_000_000)
            .put("egressBurst", 8_000_000);
    ObjectNode tuning = config("tuning", "1.0.0", Optional.empty()).put("mtu", 1400);

    JsonNode ported = other("ADD", portmap);
    bandwidth.set("prevResult", ported);
    JsonNode limited = other("ADD", bandwidth);
    tuning.set("prevResult", limited);
    JsonNode tuned = other("ADD", tuning);

    assertThat(tuned.path("ips")).isEqualTo(result.path("ips"));
    assertThat(limited.path("interfaces")).hasSize(3);
    assertThat(host.run("iptables", "-t", "nat", "-S")).contains("10.255.30.2:80");
    assertThat(host.run("tc", "qdisc", "show", "dev", "s-010255030002"))
        .contains("tbf")
        .contains("ingress");
    container
        .contact(host, host.address(IpFamily.IPV6))
        .assertReachedFrom(IpAddress.parse("2001:db8:30::2"));
    assertThat(silk("CHECK", "1.0.0", Optional.of(tuned))).isEqualTo(Answer.DONE);

    for (ObjectNode each : new ObjectNode[] {tuning, bandwidth, portmap}) {
      assertThat(
              call(
                  "DEL",
                  InstalledPlugins.OTHERS.resolve(each.path("type").asText()),
                  each.toString()))
          .isEqualTo(Answer.DONE);
    }
    assertThat(silk("DEL", "1.0.0", Optional.of(tuned))).isEqualTo(Answer.DONE);
    assertThat(host.run("iptables", "-t", "nat", "-S")).doesNotContain("10.255.30.2");
    assertThat(host.run("ip", "-br", "link")).doesNotContain("bwp").doesNotContain("s-0102");
  }

  @Test
  void the_wrapper_passes_on_what_is_about_no_container_where_its_delegate_knows_that()
      throws IOException, InterruptedException {
    Path wrappers = directory.resolve("wrappers");
    InstalledPlugins wrapper =
        InstalledPlugins.into(wrappers, directory.resolve("none.sock"), "cni-wrapper-plugin");
    Path asked = directory.resolve("asked");
    Path script =
        Files.writeString(
            wrappers.resolve("other"),
            "#!/bin/sh\ncat > /dev/null; echo $CNI_COMMAND >> %s\n".formatted(asked));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Path plugin = wrappers.resolve("cni-wrapper-plugin");

    // Debian's has no such commands yet, and says so by its version.
    assertThat(wrapper.call(host, container, "GC", plugin, wrapping("bridge", "1.0.0")))
        .isEqualTo(Answer.DONE);
    assertThat(wrapper.call(host, container, "GC", plugin, wrapping("other", "1.1.0")))
        .isEqualTo(Answer.DONE);
    assertThat(wrapper.call(host, container, "STATUS", plugin, wrapping("other", "1.1.0")))
        .isEqualTo(Answer.DONE);

    assertThat(Files.readAllLines(asked)).containsExactly("GC", "STATUS");
  }

  private String wrapping(String delegate, String version) {
    return """
        {"cniVersion": "1.1.0", "name": "net", "type": "cni-wrapper-plugin",
         "datastore": "%1$s/wrapped.json", "iptables_lock_file": "%1$s/lock",
         "instance_address": "%2$s", "underlay_ips": ["%2$s"], "ingress_tag": "ffff0000",
         "vtep_name": "silk-vtep", "iptables_denied_logs_per_sec": 1,
         "iptables_accepted_udp_logs_per_sec": 1,
         "outbound_connections": {"burst": 100, "rate_per_sec": 10},
         "delegate": {"type": "%3$s", "cniVersion": "%4$s"},
         "cni.dev/valid-attachments": []}
        """
        .formatted(directory, host.address(IpFamily.IPV4), delegate, version);
  }

  private JsonNode other(String command, ObjectNode config) throws IOException {
    return call(
            command,
            InstalledPlugins.OTHERS.resolve(config.path("type").asText()),
            config.toString())
        .success();
  }

  @Test
  void each_version_gets_its_own_result_and_what_it_does_not_know_is_refused() throws IOException {
    try (Namespace namespace = Namespace.open(host.namespace());
        PluginSocket socket = serve(namespace)) {
      assertThat(socket).isNotNull();
      JsonNode old = silk("ADD", "0.3.1", Optional.empty()).success();
      assertThat(old.at("/ips/0/version").asText()).isEqualTo("4");
      assertThat(old.at("/ips/1/version").asText()).isEqualTo("6");
      assertThat(silk("CHECK", "0.3.1", Optional.of(old)).json().path("code").asInt()).isEqualTo(1);
      assertThat(silk("STATUS", "1.0.0", Optional.empty()).json().path("code").asInt())
          .isEqualTo(1);
      assertThat(silk("STATUS", "1.1.0", Optional.empty())).isEqualTo(Answer.DONE);
      assertThat(silk("ADD", "0.2.0", Optional.empty()).json().path("code").asInt()).isEqualTo(1);
      assertThat(silk("VERSION", "1.0.0", Optional.empty()).json().path("supportedVersions"))
          .hasSize(5);
      assertThat(silk("DEL", "0.3.1", Optional.empty())).isEqualTo(Answer.DONE);
    }
  }

  @Test
  void gc_takes_off_what_is_not_valid_and_needs_to_be_told_what_is() throws IOException {
    silk("ADD", "1.1.0", Optional.empty()).success();

    assertThat(silk("GC", "1.1.0", Optional.empty()).exitCode()).isEqualTo(1);
    ObjectNode config =
        config("silk-cni", "1.1.0", Optional.empty())
            .put("dataDir", directory.toString())
            .put("datastore", directory.resolve("store.json").toString());
    config.putArray("cni.dev/valid-attachments");

    assertThat(call("GC", plugins.silk(), config.toString())).isEqualTo(Answer.DONE);
    assertThat(host.run("ip", "-br", "link")).doesNotContain("s-0102");
  }

  @Test
  void refusals_are_error_objects_and_leave_nothing() throws IOException {
    try (Namespace namespace = Namespace.open(host.namespace());
        PluginSocket socket = serve(namespace)) {
      assertThat(socket).isNotNull();
      Path plugin = plugins.silk();
      ObjectNode config = config("silk-cni", "1.0.0", Optional.empty());

      JsonNode noStore = call("ADD", plugin, config.toString()).json();
      config
          .put("dataDir", directory.toString())
          .put("datastore", directory.resolve("store.json").toString())
          .put("daemonPort", 1);
      JsonNode noDaemon = call("ADD", plugin, config.toString()).json();
      config.put("mtu", -1);
      JsonNode badMtu = call("ADD", plugin, config.toString()).json();

      assertThat(noStore.path("code").asInt()).isEqualTo(100);
      assertThat(noStore.path("details").asText()).contains("dataDir");
      assertThat(noDaemon.path("code").asInt()).isEqualTo(100);
      assertThat(noDaemon.path("msg").asText()).isEqualTo("discover network info");
      assertThat(badMtu.path("details").asText()).contains("-1");
      assertThat(directory.resolve("store.json")).doesNotExist();
      assertThat(call("DEL", plugin, config.put("mtu", 0).toString())).isEqualTo(Answer.DONE);
    }
  }
}
