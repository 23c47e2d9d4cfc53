package io.dualstack.impl.policy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.http.Listener;
import io.dualstack.impl.policy.http.ExternalPolicyApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyServerConfigTest {

  private static final String INTERNAL =
      """
      "listen_host": "::", "internal_listen_port": 4003, "health_check_port": 31946,
      "ca_cert_file": "ca.crt", "server_cert_file": "s.crt", "server_key_file": "s.key",
      "debug_server_host": "::1", "debug_server_port": 31945, "tag_length": 1,
      "database": {"type": "mysql"}, "store": "sqlite:p.db", "metron_address": "127.0.0.1:3457",
      "log_prefix": "cfnetworking", "log_level": "info", "request_timeout": 5,
      "max_idle_connections": 10, "max_open_connections": 200,
      "connections_max_lifetime_seconds": 3600
      """;

  private static final String EXTERNAL =
      """
      "listen_port": 4002, "enable_tls": true, "uaa_client": "network-policy",
      "uaa_client_secret": "top-secret", "uaa_url": "https://uaa.internal", "uaa_port": 8443,
      "uaa_ca": "uaa.crt", "cc_url": "https://cc.internal:9024", "cc_ca_cert": "cc.crt",
      "skip_ssl_validation": false, "cleanup_interval": 120, "max_policies": 50,
      "enable_space_developer_self_service": true, "allowed_cors_domains": ["https://a", "*"],
      "cc_app_request_chunk_size": 7, "database_migration_timeout": 600
      """;

  private static final String SYNC =
      """
      "asg_poll_interval_seconds": 30, "retry_deadline_seconds": 200, "uuid": "u",
      "cc_internal_url": "https://cc.internal:9023", "cc_internal_ca_cert": "i-ca.crt",
      "cc_internal_client_cert": "i.crt", "cc_internal_client_key": "i.key",
      "locket": {"locket_address": "locket:8891"}
      """;

  @TempDir private Path folder;

  private Path file(String... parts) throws IOException {
    return Files.writeString(folder.resolve("config.json"), "{" + String.join(",", parts) + "}");
  }

  private List<String> faults(String... parts) throws IOException {
    try {
      throw new AssertionError(PolicyServerConfig.read(file(parts)) + ": was accepted");
    } catch (InvalidConfigurationException e) {
      return e.diagnostics().stream().map(Diagnostic::path).toList();
    }
  }

  @Test
  void the_file_of_the_internal_server_is_one_of_ours() throws IOException {
    PolicyServerConfig config = PolicyServerConfig.read(file(INTERNAL));

    assertThat(config)
        .isEqualTo(
            new PolicyServerConfig(
                "::",
                "sqlite:p.db",
                1,
                new PolicyServerConfig.Files(Path.of("ca.crt"), Path.of("s.crt"), Path.of("s.key")),
                4003,
                null,
                null,
                null,
                new Listener("health_check", "127.0.0.1", 31946),
                new Listener("debug_server", "::1", 31945),
                List.of()));
  }

  @Test
  void the_files_of_all_three_servers_can_be_one() throws IOException {
    PolicyServerConfig config = PolicyServerConfig.read(file(INTERNAL, EXTERNAL, SYNC));

    assertThat(config.warnings()).isEmpty();
    assertThat(config.external())
        .isEqualTo(
            new PolicyServerConfig.External(
                4002,
                true,
                new ExternalPolicyApi.Rules(50, true, Set.of("https://a", "*")),
                Duration.ofSeconds(120)));
    assertThat(config.cloud())
        .isEqualTo(
            new PolicyServerConfig.Cloud(
                URI.create("https://uaa.internal:8443"),
                Path.of("uaa.crt"),
                "network-policy",
                "top-secret",
                URI.create("https://cc.internal:9024"),
                Path.of("cc.crt"),
                7,
                Duration.ofSeconds(5)));
    assertThat(config.sync())
        .isEqualTo(
            new PolicyServerConfig.Sync(
                URI.create("https://cc.internal:9023"),
                new PolicyServerConfig.Files(
                    Path.of("i-ca.crt"), Path.of("i.crt"), Path.of("i.key")),
                Duration.ofSeconds(30),
                Duration.ofSeconds(200)));
    assertThat(config.toString()).doesNotContain("top-secret");
  }

  @Test
  void the_defaults_are_those_of_the_jobs() throws IOException {
    PolicyServerConfig config =
        PolicyServerConfig.read(
            file(
                """
                "listen_port": 4002, "store": "memory:", "uaa_url": "https://uaa:1",
                "uaa_client": "c", "uaa_client_secret": "s", "cc_url": "http://cc:1"
                """));

    assertThat(config.listenHost()).isEqualTo("0.0.0.0");
    assertThat(config.tagLength()).isEqualTo(2);
    assertThat(config.files()).isNull();
    assertThat(config.internalPort()).isNegative();
    assertThat(config.health().port()).isNegative();
    assertThat(config.external())
        .isEqualTo(
            new PolicyServerConfig.External(
                4002,
                false,
                new ExternalPolicyApi.Rules(150, false, Set.of()),
                Duration.ofSeconds(60)));
  }

  @Test
  void urls_have_addresses_of_ipv6_in_brackets() throws IOException {
    PolicyServerConfig config =
        PolicyServerConfig.read(
            file(
                INTERNAL,
                EXTERNAL
                    .replace("uaa.internal", "[2001:db8::1]")
                    .replace("cc.internal:", "[2001:db8::2]:"),
                SYNC.replace("cc.internal:", "[2001:db8::3]:")));

    assertThat(config.cloud().uaa()).isEqualTo(URI.create("https://[2001:db8::1]:8443"));
    assertThat(config.cloud().controller()).isEqualTo(URI.create("https://[2001:db8::2]:9024"));
    assertThat(config.sync().controller()).isEqualTo(URI.create("https://[2001:db8::3]:9023"));
  }

  @Test
  void unknown_keys_are_warned_about() throws IOException {
    assertThat(PolicyServerConfig.read(file(INTERNAL, "\"max_policy\": 1")).warnings())
        .extracting(Diagnostic::path)
        .containsExactly("/max_policy");
  }

  @Test
  void all_that_is_missing_is_told_at_once() throws IOException {
    assertThat(
            faults(
                "\"internal_listen_port\": 1, \"listen_port\": 2, \"cc_internal_url\": \"http://c\""))
        .containsExactlyInAnyOrder(
            "/store",
            "/ca_cert_file",
            "/server_cert_file",
            "/server_key_file",
            "/uaa_url",
            "/uaa_client",
            "/uaa_client_secret",
            "/cc_url",
            "/cc_internal_ca_cert",
            "/cc_internal_client_cert",
            "/cc_internal_client_key");
    assertThat(faults("\"store\": \"memory:\"")).containsExactly("/internal_listen_port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "tag_length": 4                      | /tag_length
          "tag_length": 0                      | /tag_length
          "internal_listen_port": 65536        | /internal_listen_port
          "uaa_url": "uaa.internal"            | /uaa_url
          "cc_url": "ftp://cc"                 | /cc_url
          "cc_internal_url": "https:///x"      | /cc_internal_url
          "max_policies": 0                    | /max_policies
          "listen_host": "::1/64"              | /listen_host
          "enable_tls": "yes"                  | /enable_tls
          "allowed_cors_domains": "*"          | /allowed_cors_domains
          "cleanup_interval": 0                | /cleanup_interval
          "asg_poll_interval_seconds": 1.5     | /asg_poll_interval_seconds
          "listen_port": "4002"                | /listen_port
          """)
  void wrong_values_are_refused_by_their_pointer(String member, String pointer) throws IOException {
    String key = member.substring(0, member.indexOf(':'));
    String rest =
        String.join(",", INTERNAL, EXTERNAL, SYNC).replaceAll(key + ": (\\[[^]]*]|[^,\\n]+),?", "");

    assertThat(faults(rest.strip().replaceAll(",$", ""), member)).contains(pointer).hasSize(1);
  }
}
