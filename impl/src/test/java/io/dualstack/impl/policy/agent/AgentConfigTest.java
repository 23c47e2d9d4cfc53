package io.dualstack.impl.policy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.firewall.ConnectionLimit.Effect;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
  private static final String REQUIRED =
      """
      "cni_datastore_path": "/d", "policy_server_url": "https://policy:4003",
      "ca_cert_file": "/ca", "client_cert_file": "/c", "client_key_file": "/k",
      "iptables_lock_file": "/l", "underlay_ips": ["172.31.0.1"],
      "iptables_denied_logs_per_sec": 1, "iptables_accepted_udp_logs_per_sec": 100
      """;

  @TempDir private Path folder;

  private AgentConfig read(String members) throws IOException {
    return AgentConfig.read(
        Files.writeString(folder.resolve("agent.json"), "{" + members + "}"),
        fields -> List.of("eth0"));
  }

  private List<String> faults(String members) {
    InvalidConfigurationException[] refused = new InvalidConfigurationException[1];
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> read(members))
        .satisfies(e -> refused[0] = e);
    return refused[0].diagnostics().stream()
        .peek(fault -> assertThat(fault.source()).endsWith("agent.json"))
        .map(Diagnostic::path)
        .toList();
  }

  @Test
  void what_is_not_said_is_as_in_the_original_and_without_ipv6() throws IOException {
    AgentConfig config = read(REQUIRED + ", \"ipv6_prefix\": \"2001:db8::/64\", \"vni\": 1");

    assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.groupInterval()).isNull();
    assertThat(config.force().getPort()).isEqualTo(8722);
    assertThat(config.debug().getPort()).isEqualTo(8721);
    assertThat(config.cell().ipv6()).isNull();
    assertThat(config.cell().limit()).isNull();
    assertThat(config.policies().open()).isEmpty();
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void addresses_of_ipv6_have_brackets_in_urls_and_may_have_them_elsewhere() throws IOException {
    AgentConfig config =
        read(
            REQUIRED.replace("policy:4003", "[2001:db8::1]:4003")
                + ", \"force_policy_poll_cycle_host\": \"::1\", \"debug_server_host\": \"[::1]\"");

    assertThat(config.server()).isEqualTo(URI.create("https://[2001:db8::1]:4003"));
    assertThat(config.force()).isEqualTo(new InetSocketAddress("::1", 8722));
    assertThat(config.debug()).isEqualTo(new InetSocketAddress("::1", 8721));
  }

  @Test
  void keys_that_the_plugin_has_too_mean_the_same() throws IOException {
    AgentConfig config =
        read(
            REQUIRED
                + """
                , "enable_asg_syncing": true, "enable_ipv6": true,
                "ipv6_prefix": "2001:db8:30::/80", "overlay_network": "10.255.0.0/16",
                "disable_container_network_policy": true, "iptables_c2c_logging": true,
                "outbound_connections": {"limit": true, "burst": 9, "rate_per_sec": 3},
                "deny_networks": {"always": ["10.0.0.5/8"]},
                "deny_networks_ipv6": {"staging": ["2001:db8:9::/48"]}
                """);

    assertThat(config.groupInterval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(Objects.requireNonNull(config.cell().ipv6()).own())
        .isEqualTo(IpPrefix.parse("2001:db8:30::/80"));
    assertThat(config.cell().deny().always()).containsExactly(IpPrefix.parse("10.0.0.0/8"));
    assertThat(config.cell().deny().staging()).containsExactly(IpPrefix.parse("2001:db8:9::/48"));
    assertThat(Objects.requireNonNull(config.cell().limit()).effect()).isEqualTo(Effect.REJECTED);
    assertThat(config.policies().open()).containsExactly(IpPrefix.parse("10.255.0.0/16"));
    assertThat(config.policies().logging()).isTrue();
  }

  @Test
  void faults_are_named_by_their_place() {
    assertThat(faults("\"poll_interval\": 0"))
        .contains("/poll_interval", "/iptables_lock_file", "/policy_server_url", "/ca_cert_file");
    assertThat(faults(REQUIRED + ", \"deny_networks\": {\"always\": [\"10.0.0.0/8\", \"x\"]}"))
        .containsExactly("/deny_networks/always/1");
    assertThat(faults(REQUIRED + ", \"debug_server_host\": \"[::1\""))
        .containsExactly("/debug_server_host");
    assertThat(faults(REQUIRED + ", \"enable_ipv6\": true")).containsExactly("/ipv6_prefix");
    assertThat(faults(REQUIRED + ", \"disable_container_network_policy\": true"))
        .containsExactly("/overlay_network");
    assertThat(faults(REQUIRED.replace("172.31.0.1", "2001:db8::1")))
        .containsExactly("/underlay_ips");
  }
}
