package io.dualstack.impl.cni.garden;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GardenConfigTest {
  @TempDir private Path folder;
  private final Map<String, String> keys =
      new TreeMap<>(
          Map.of(
              "cni_plugin_dir", "\"/p\"",
              "cni_config_dir", "\"/c\"",
              "bind_mount_dir", "\"/b\"",
              "state_file", "\"/s.json\"",
              "start_port", "61000",
              "total_ports", "4535",
              "log_prefix", "\"cf\"",
              "iptables_lock_file", "\"/l\"",
              "proxy_port", "15001",
              "proxy_uid", "0"));

  private GardenConfig read() throws IOException {
    StringBuilder text = new StringBuilder("{");
    keys.forEach(
        (key, value) ->
            text.append(text.length() == 1 ? "" : ",").append('"' + key + "\":" + value));
    return GardenConfig.read(Files.writeString(folder.resolve("c.json"), text + "}"));
  }

  private List<String> faults() throws IOException {
    try {
      throw new AssertionError(read() + ": was accepted");
    } catch (InvalidConfigurationException e) {
      return e.diagnostics().stream().map(Diagnostic::path).toList();
    }
  }

  @Test
  void the_least_is_what_the_original_asks_for() throws IOException {
    assertThat(read())
        .isEqualTo(
            new GardenConfig(
                Path.of("/p"),
                Path.of("/c"),
                Path.of("/b"),
                Path.of("/s.json"),
                new PortRange(61_000, 65_534),
                "cf",
                new GardenConfig.Redirect(15_001, null, null, false, Path.of("/l")),
                List.of(),
                Path.of("/var/lib/cni"),
                List.of()));
  }

  @Test
  void the_rest_may_be_given() throws IOException {
    keys.put("search_domains", "[\"apps.internal\"]");
    keys.put("proxy_redirect_cidr", "\"10.255.0.0/16\"");
    keys.put("proxy_redirect_cidr_ipv6", "\"2001:db8::/32\"");
    keys.put("enable_ingress_proxy_redirect", "true");
    keys.put("cni_cache_dir", "\"/k\"");

    GardenConfig config = read();

    assertThat(config.searchDomains()).containsExactly("apps.internal");
    assertThat(config.redirect())
        .isEqualTo(
            new GardenConfig.Redirect(
                15_001,
                IpPrefix.parse("10.255.0.0/16"),
                IpPrefix.parse("2001:db8::/32"),
                true,
                Path.of("/l")));
    assertThat(config.cacheDirectory()).isEqualTo(Path.of("/k"));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void an_empty_redirect_is_none_as_the_original_has_it() throws IOException {
    keys.put("proxy_redirect_cidr", "\"\"");

    assertThat(read().redirect().ipv4()).isNull();
  }

  @Test
  void an_unknown_key_is_warned_about() throws IOException {
    keys.put("proxy_redirect_cdr", "\"10.255.0.0/16\"");

    assertThat(read().warnings())
        .extracting(Diagnostic::path)
        .containsExactly("/proxy_redirect_cdr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cni_plugin_dir", "cni_config_dir", "bind_mount_dir", "state_file", "start_port",
        "total_ports", "log_prefix", "iptables_lock_file", "proxy_port", "proxy_uid"
      })
  void what_the_original_asks_for_is_asked_for(String key) throws IOException {
    keys.remove(key);

    assertThat(faults()).containsExactly("/" + key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start_port | 0",
        "start_port | 65536",
        "start_port | \"1\"",
        "total_ports | 0",
        "total_ports | 4537",
        "proxy_port | 0",
        "proxy_uid | -1",
        "proxy_redirect_cidr | \"2001:db8::/32\"",
        "proxy_redirect_cidr | \"10.255.0.1/16\"",
        "proxy_redirect_cidr_ipv6 | \"10.0.0.0/8\"",
        "enable_ingress_proxy_redirect | \"yes\"",
        "search_domains | \"apps.internal\"",
        "log_prefix | 7"
      })
  void wrong_values_are_refused_by_their_pointers(String key, String value) throws IOException {
    keys.put(key, value);

    assertThat(faults()).containsExactly("/" + key);
  }

  @Test
  void all_faults_are_told_together() throws IOException {
    keys.put("search_domains", "[\"a\", 1]");
    keys.put("proxy_port", "true");
    keys.remove("state_file");

    assertThat(faults())
        .containsExactlyInAnyOrder("/state_file", "/proxy_port", "/search_domains/1");
  }
}
