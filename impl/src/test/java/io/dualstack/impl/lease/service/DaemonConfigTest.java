package io.dualstack.impl.lease.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.Listener;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonConfigTest {

  private static final String LEAST =
      """
      {
        "underlay_ip": "10.0.1.5", "subnet_prefix_length": 24, "overlay_network": "10.255.0.0/16",
        "connectivity_server_url": "https://silk-controller.service.cf.internal:4103",
        "ca_cert_file": "ca.crt", "client_cert_file": "c.crt", "client_key_file": "c.key"%s
      }
      """;

  @TempDir private Path folder;

  private DaemonConfig read(String more) throws IOException {
    return DaemonConfig.read(
        Files.writeString(folder.resolve("config.json"), LEAST.formatted(more)));
  }

  private List<String> faults(String more) throws IOException {
    try {
      throw new AssertionError(read(more) + ": was accepted");
    } catch (InvalidConfigurationException e) {
      return e.diagnostics().stream().map(Diagnostic::path).toList();
    }
  }

  @Test
  void the_url_may_have_an_address_of_ipv6_in_brackets() throws IOException {
    DaemonConfig config =
        DaemonConfig.read(
            Files.writeString(
                folder.resolve("config.json"),
                LEAST
                    .formatted("")
                    .replace("silk-controller.service.cf.internal", "[2001:db8::1]")));

    assertThat(config.registry().url()).isEqualTo(URI.create("https://[2001:db8::1]:4103"));
  }

  @Test
  void the_defaults_are_those_of_the_silk_job() throws IOException {
    DaemonConfig config = read("");

    assertThat(config.agent())
        .isEqualTo(
            new AgentConfig(
                IpAddress.parse("10.0.1.5"),
                List.of(IpPrefix.parse("10.255.0.0/16")),
                24,
                LeaseKind.BLOCK,
                new VtepConfig("silk-vtep", 1, 4789, null),
                Path.of("/var/vcap/data/silk/store.json"),
                Duration.ofSeconds(30),
                Duration.ofHours(168),
                Ipv6.WHEN_POSSIBLE,
                null,
                null));
    assertThat(config.registry().url())
        .isEqualTo(URI.create("https://silk-controller.service.cf.internal:4103"));
    assertThat(config.registry().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.plugins().port()).isEqualTo(23954);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void the_keys_are_those_of_the_silk_daemon() throws IOException {
    DaemonConfig config =
        read(
            """
            , "health_check_port": 1, "health_check_host": "::1", "vtep_name": "vt0", "vni": 7, "vtep_port": 4790,
            "poll_interval": 3, "debug_server_port": 22233, "datastore": "/d/store.json",
            "partition_tolerance_seconds": 60, "client_timeout_seconds": 9, "metron_port": 3457,
            "log_prefix": "cf", "log_level": "info", "vxlan_interface_name": "eth1",
            "single_ip_only": true, "cni_datastore_path": "/d/metadata.json"
            """);

    assertThat(config.agent().vtep()).isEqualTo(new VtepConfig("vt0", 7, 4790, "eth1"));
    assertThat(config.agent().kind()).isEqualTo(LeaseKind.SINGLE_ADDRESS);
    assertThat(config.agent().pollInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.agent().partitionTolerance()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.agent().datastore()).isEqualTo(Path.of("/d/store.json"));
    assertThat(config.containerMetadata()).isEqualTo(Path.of("/d/metadata.json"));
    assertThat(config.registry().timeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.plugins()).isEqualTo(new Listener("health_check", "::1", 1));
    assertThat(config.metrics()).isEqualTo(new Listener("debug_server", "127.0.0.1", 22233));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void the_ipv6_keys_decide_by_themselves_or_strictly() throws IOException {
    String prefix = ", \"ipv6_prefix\": \"2001:db8:0:1::/80\"";

    assertThat(read(prefix).agent().ipv6()).isEqualTo(Ipv6.WHEN_POSSIBLE);
    assertThat(read(prefix).agent().ipv6Prefix()).isEqualTo(IpPrefix.parse("2001:db8:0:1::/80"));
    assertThat(read(prefix + ", \"enable_ipv6\": true").agent().ipv6()).isEqualTo(Ipv6.REQUIRED);
    assertThat(read(prefix + ", \"enable_ipv6\": false").agent().ipv6()).isEqualTo(Ipv6.OFF);
    assertThat(read(", \"ipv6_prefix\": \"\"").agent().ipv6Prefix()).isNull();
  }

  @Test
  void refuses_a_prefix_that_is_ipv4_or_none_for_a_cell() throws IOException {
    for (String wrong :
        List.of(
            "10.0.0.0/8",
            "::ffff:10.0.0.0/104",
            "2001:db8::/32",
            "2001:db8::/127",
            "2001:db8::1/80",
            "2001:db8::",
            "x")) {
      assertThat(faults(", \"ipv6_prefix\": \"" + wrong + "\""))
          .as(wrong)
          .containsExactly("/ipv6_prefix");
    }
  }

  @Test
  void overlay_networks_may_be_several_and_each_has_its_pointer() throws IOException {
    assertThat(several("\"10.255.0.0/16\", \"10.96.0.0/16\"").agent().overlayNetworks())
        .containsExactly(IpPrefix.parse("10.255.0.0/16"), IpPrefix.parse("10.96.0.0/16"));
    assertThat(severalFaults("\"10.255.0.0/16\", 7, \"x\""))
        .containsExactly("/overlay_network/1", "/overlay_network/2");
    assertThat(severalFaults("")).containsExactly("/overlay_network");
    assertThat(severalFaults("\"10.255.0.0/24\"")).containsExactly("/overlay_network");
  }

  private DaemonConfig several(String networks) throws IOException {
    return DaemonConfig.read(
        Files.writeString(
            folder.resolve("config.json"),
            LEAST
                .formatted("")
                .replace(
                    "\"overlay_network\": \"10.255.0.0/16\"",
                    "\"overlay_network\": [" + networks + "]")));
  }

  private List<String> severalFaults(String networks) throws IOException {
    try {
      throw new AssertionError(several(networks) + ": was accepted");
    } catch (InvalidConfigurationException e) {
      return e.diagnostics().stream().map(Diagnostic::path).toList();
    }
  }

  @Test
  void all_wrong_values_are_told_together_by_their_pointers() throws IOException {
    assertThat(
            faults(
                """
                , "vtep_name": "a name too long", "vni": 16777216, "vtep_port": 0,
                "poll_interval": 0.5, "health_check_port": 0, "single_ip_only": "yes",
                "health_check_host": "10.0.0", "debug_server_host": "::g",
                "vxlan_interface_name": "eth0;reboot", "enable_ipv6": 1
                """))
        .containsExactlyInAnyOrder(
            "/vtep_name",
            "/vni",
            "/vtep_port",
            "/poll_interval",
            "/health_check_port",
            "/health_check_host",
            "/debug_server_host",
            "/single_ip_only",
            "/vxlan_interface_name",
            "/enable_ipv6");
  }

  @Test
  void what_is_required_is_missed() throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"underlay_ip\": \"::1\"}");
    try {
      throw new AssertionError(DaemonConfig.read(file) + ": was accepted");
    } catch (InvalidConfigurationException e) {
      assertThat(e.diagnostics())
          .extracting(Diagnostic::path)
          .containsExactlyInAnyOrder(
              "/underlay_ip",
              "/overlay_network",
              "/subnet_prefix_length",
              "/connectivity_server_url",
              "/ca_cert_file",
              "/client_cert_file",
              "/client_key_file");
    }
  }
}
