package io.dualstack.spi.openstack.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the values come from that say how to reach a cloud. */
class AccessConfigReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OS_AUTH_URL", "https://keystone.example/v3",
          "OS_USERNAME", "env-user",
          "OS_PASSWORD", "env-password",
          "OS_PROJECT_NAME", "env-project",
          "OS_REGION_NAME", "env-region");

  @TempDir private Path temp;
  private Path folder;
  private Path home;
  private final List<Diagnostic> findings = new ArrayList<>();
  private List<String> missing = List.of();

  @BeforeEach
  void make_folders() throws IOException {
    folder = Files.createDirectories(temp.resolve("work"));
    home = Files.createDirectories(temp.resolve("home"));
  }

  private AccessConfig read(Map<String, String> settings, Map<String, String> environment) {
    AccessConfigReader reader =
        new AccessConfigReader(settings, new Surroundings(environment, folder, home), findings);
    AccessConfig config = reader.read();
    missing = reader.missing();
    return config;
  }

  private static String body(AccessConfig config) {
    return ((Credentials.Keystone) config.credentials()).body().toString();
  }

  private void clouds(Path where) throws IOException {
    Files.createDirectories(where);
    Files.writeString(
        where.resolve("clouds.yaml"),
        """
        clouds:
          one:
            auth:
              auth_url: https://one.example:5000
              username: file-user
              project_name: file-project
              user_domain_name: Users
              project_domain_id: d1
            region_name: file-region
            interface: internal
            verify: false
          two:
            auth_type: v3applicationcredential
            auth: {auth_url: https://two.example, application_credential_id: id2}
        """);
    Files.writeString(
        where.resolve("secure.yaml"),
        """
        clouds:
          one: {auth: {password: file-password}}
          two: {auth: {application_credential_secret: file-secret}}
        """);
  }

  @Test
  void the_environment_serves_where_no_setting_does() {
    AccessConfig config = read(Map.of("username", "mine", "interface", "admin"), ENVIRONMENT);

    assertThat(findings).isEmpty();
    assertThat(missing).isEmpty();
    assertThat(config.authUrl()).hasToString("https://keystone.example/v3");
    assertThat(config.region()).isEqualTo("env-region");
    assertThat(config.endpointInterface()).isEqualTo("admin");
    assertThat(config.verify()).isTrue();
    assertThat(body(config))
        .isEqualTo(
            "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"mine\",\"domain\":{\"id\":\"default\"},\"password\":\"env-password\"}}},\"scope\":{\"project\":{\"name\":\"env-project\",\"domain\":{\"id\":\"default\"}}}}}");
  }

  @Test
  void a_named_cloud_says_who_logs_in_and_the_environment_does_not() throws IOException {
    clouds(home.resolve(".config/openstack"));

    AccessConfig config = read(Map.of("cloud", "one"), ENVIRONMENT);

    assertThat(missing).isEmpty();
    assertThat(config.authUrl()).hasToString("https://one.example:5000");
    assertThat(config.region()).as("the environment's").isEqualTo("env-region");
    assertThat(config.endpointInterface()).isEqualTo("internal");
    assertThat(config.verify()).isFalse();
    assertThat(body(config))
        .contains("\"name\":\"file-user\",\"domain\":{\"name\":\"Users\"}")
        .contains("file-password")
        .contains("\"name\":\"file-project\",\"domain\":{\"id\":\"d1\"}")
        .doesNotContain("env-");
  }

  @Test
  void the_working_folder_comes_first_and_a_named_file_before_it() throws IOException {
    clouds(home.resolve(".config/openstack"));
    Files.writeString(
        folder.resolve("clouds.yaml"),
        "clouds: {here: {auth: {auth_url: 'https://here.example', token: t, project_id: p}}}");

    assertThat(read(Map.of(), Map.of()).authUrl())
        .as("the only cloud")
        .hasToString("https://here.example");
    assertThat(
            read(
                    Map.of(),
                    Map.of(
                        "OS_CLOUD",
                        "two",
                        "OS_CLIENT_CONFIG_FILE",
                        home.resolve(".config/openstack/clouds.yaml").toString()))
                .authUrl())
        .hasToString("https://two.example");
  }

  @Test
  void application_credentials_and_tokens_are_recognized() throws IOException {
    clouds(folder);

    assertThat(body(read(Map.of("cloud", "two"), Map.of())))
        .isEqualTo(
            "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],\"application_credential\":{\"id\":\"id2\",\"secret\":\"file-secret\"}}}}");
    assertThat(
            body(read(Map.of("auth_url", "http://k", "token", "t1", "project_id", "p1"), Map.of())))
        .isEqualTo(
            "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":{\"id\":\"t1\"}},\"scope\":{\"project\":{\"id\":\"p1\"}}}}");
    assertThat(
            body(
                read(
                    Map.of(
                        "auth_url", "http://k",
                        "application_credential_name", "n",
                        "application_credential_secret", "s",
                        "user_id", "u"),
                    Map.of())))
        .contains("{\"name\":\"n\",\"user\":{\"id\":\"u\"},\"secret\":\"s\"}");
  }

  @Test
  void without_keystone_an_endpoint_is_all() {
    AccessConfig config =
        read(Map.of("auth_type", "none", "endpoint", "http://127.0.0.1:9696"), Map.of());

    assertThat(missing).isEmpty();
    assertThat(config.endpoint()).hasToString("http://127.0.0.1:9696");
    assertThat(config.credentials()).isEqualTo(new Credentials.Nobody(null));
    assertThat(read(Map.of("auth_type", "none"), Map.of()).endpoint()).isNull();
    assertThat(missing).containsExactly("endpoint (OS_NETWORK_ENDPOINT_OVERRIDE)");
  }

  @Test
  void proxies_come_from_the_environment_except_for_some_hosts() {
    AccessConfig config =
        read(
            Map.of("auth_url", "https://k.example"),
            Map.of("https_proxy", "proxy.example:3128", "NO_PROXY", "localhost, .internal"));

    assertThat(config.proxy()).hasToString("http://proxy.example:3128");
    assertThat(config.noProxy()).containsExactly("localhost", ".internal");
  }

  @Test
  void times_are_seconds_or_durations() {
    assertThat(read(Map.of("timeout", "5"), Map.of()).timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(read(Map.of("timeout", "PT2M"), Map.of()).timeout())
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(findings).isEmpty();
  }

  @Test
  void what_is_wrong_is_named_by_where_it_was_written() {
    read(
        Map.of("attempts", "0", "auth_type", "kerberos"),
        Map.of("OS_AUTH_URL", "keystone", "OS_INTERFACE", "outer", "OS_CACERT", "no-such.pem"));

    assertThat(findings)
        .extracting(Diagnostic::path)
        .containsExactlyInAnyOrder(
            "attempts", "auth_type", "OS_AUTH_URL", "OS_INTERFACE", "OS_CACERT");
  }

  @Test
  void a_cloud_that_is_not_there_is_refused_naming_those_that_are() throws IOException {
    clouds(folder);

    assertThatThrownBy(() -> read(Map.of("cloud", "three"), Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("three")
        .hasMessageContaining("[one, two]");
  }

  @Test
  void a_file_that_is_no_yaml_is_refused_by_its_name() throws IOException {
    Files.writeString(folder.resolve("clouds.yaml"), "clouds: [");

    assertThatThrownBy(() -> read(Map.of("cloud", "one"), Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("clouds.yaml");
  }

  @Test
  void secrets_are_in_no_text() throws IOException {
    clouds(folder);

    assertThat(read(Map.of("cloud", "one"), Map.of()).toString()).doesNotContain("file-password");
    assertThat(read(Map.of("cloud", "two"), Map.of()).toString()).doesNotContain("file-secret");
  }
}
