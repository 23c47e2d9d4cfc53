package io.dualstack.impl.lease.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.Listener;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerConfigTest {

  private static final String LEAST =
      """
      {
        "ca_cert_file": "ca.crt", "server_cert_file": "server.crt", "server_key_file": "server.key",
        "network": "10.255.0.0/16", "subnet_prefix_length": 24, "store": "memory:"%s
      }
      """;

  @TempDir private Path folder;

  private ControllerConfig read(String text) throws IOException {
    return ControllerConfig.read(Files.writeString(folder.resolve("config.json"), text));
  }

  private List<String> faults(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), text);
    try {
      ControllerConfig accepted = ControllerConfig.read(file);
      throw new AssertionError(accepted + ": was accepted");
    } catch (InvalidConfigurationException e) {
      return e.diagnostics().stream().map(Diagnostic::path).toList();
    }
  }

  @Test
  void the_defaults_are_those_of_the_silk_job() throws IOException {
    ControllerConfig config = read(LEAST.formatted(""));

    assertThat(config.listenHost()).isEqualTo("0.0.0.0");
    assertThat(config.listenPort()).isEqualTo(4103);
    assertThat(config.pool()).isEqualTo(LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24));
    assertThat(config.pool().expiry()).isEqualTo(Duration.ofHours(168));
    assertThat(config.health()).isEqualTo(new Listener("health_check", "127.0.0.1", -1));
    assertThat(config.metrics().isNowhere()).isTrue();
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void the_keys_are_those_of_the_silk_controller() throws IOException {
    ControllerConfig config =
        read(
            """
            {
              "debug_server_port": 46455, "health_check_port": 19683, "metron_port": 3457,
              "debug_server_host": "::1", "health_check_host": "[2001:db8::7]",
              "listen_host": "10.0.0.9", "listen_port": 4104,
              "ca_cert_file": "ca.crt", "server_cert_file": "s.crt", "server_key_file": "s.key",
              "network": "10.254.0.0/16", "subnet_prefix_length": 28,
              "database": {"type": "postgres", "user": "silk"}, "store": "sqlite:/var/lib/l.db",
              "lease_expiration_seconds": 60, "metrics_emit_seconds": 30,
              "staleness_threshold_seconds": 45, "log_prefix": "cfnetworking",
              "max_idle_connections": 10, "max_open_connections": 200,
              "connections_max_lifetime_seconds": 3600
            }
            """);

    assertThat(config.listenHost()).isEqualTo("10.0.0.9");
    assertThat(config.listenPort()).isEqualTo(4104);
    assertThat(config.metrics()).isEqualTo(new Listener("debug_server", "::1", 46455));
    assertThat(config.health()).isEqualTo(new Listener("health_check", "2001:db8::7", 19683));
    assertThat(config.pool())
        .isEqualTo(new LeasePool(IpPrefix.parse("10.254.0.0/16"), 28, Duration.ofSeconds(60)));
    assertThat(config.store()).isEqualTo("sqlite:/var/lib/l.db");
    assertThat(config.staleAfter()).isEqualTo(Duration.ofSeconds(45));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void unknown_keys_are_warned_about_by_their_pointer() throws IOException {
    assertThat(read(LEAST.formatted(", \"lisen_port\": 1, \"a/b~c\": 2")).warnings())
        .extracting(Diagnostic::path)
        .containsExactly("/lisen_port", "/a~1b~0c");
  }

  @Test
  void all_wrong_values_are_told_together_by_their_pointers() throws IOException {
    assertThat(
            faults(
                """
                {
                  "listen_host": "10.0.0.9:4103", "listen_port": 65536, "ca_cert_file": 7, "server_cert_file": "",
                  "network": "10.255.0.1/16", "subnet_prefix_length": "24",
                  "lease_expiration_seconds": 0
                }
                """))
        .containsExactlyInAnyOrder(
            "/listen_host",
            "/listen_port",
            "/ca_cert_file",
            "/server_cert_file",
            "/server_key_file",
            "/network",
            "/subnet_prefix_length",
            "/lease_expiration_seconds",
            "/store");
  }

  @Test
  void a_length_that_does_not_cut_the_network_is_refused() throws IOException {
    for (int length : new int[] {16, 8, 31, 0}) {
      assertThat(
              faults(
                  LEAST
                      .formatted("")
                      .replace(
                          "\"subnet_prefix_length\": 24", "\"subnet_prefix_length\": " + length)))
          .containsExactly("/subnet_prefix_length");
    }
  }

  @Test
  void says_where_a_file_is_no_json() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> read("{\n  \"network\": 10.255\n}".replace("255", "x")))
        .satisfies(refusal -> assertThat(refusal.diagnostics().get(0).line()).isEqualTo(2));
    assertThatExceptionOfType(InvalidConfigurationException.class).isThrownBy(() -> read("[]"));
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> read("{\"network\": \"1\", \"network\": \"2\"}"));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> ControllerConfig.read(folder.resolve("missing")));
  }
}
