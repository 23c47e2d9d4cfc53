package io.dualstack.impl.cni.garden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.cni.runtime.NetworkList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private NetworkList network() throws IOException {
    Files.writeString(
        directory.resolve("n.conflist"),
        """
        {"name": "n", "plugins": [{"type": "a", "mtu": 1400, "runtimeConfig": {"x": 1}},
          {"type": "b", "capabilities": {"portMappings": true}}]}
        """);
    return NetworkList.in(directory, note -> {});
  }

  private static UpRequest request(String text) {
    return UpRequest.read(
        Fields.of(
            CniJson.parse("input", text.getBytes(StandardCharsets.UTF_8)),
            CniErrorCode.INVALID_CONFIGURATION));
  }

  @Test
  void every_plugin_is_told_in_gardens_words() throws IOException {
    UpRequest request =
        request(
            """
            {"Pid": 7, "Properties": {"space_id": "s", "log_config": {"n": [1.50]}},
             "netin": [{"host_port": 0, "container_port": 80}], "else": 1,
             "netout_rules": [{"protocol": 1, "networks": [{"start": "2001:db8::1", "end": "2001:db8::9"}],
               "ports": [{"start": 443, "end": 443}], "icmps": null, "log": true, "later": {}}]}
            """);

    List<JsonNode> plugins =
        List.copyOf(
            PluginConfig.extend(
                    network(), request, Optional.of(List.of(new PortMapping(60_000, 80))))
                .plugins());

    assertThat(plugins.get(0).toString())
        .isEqualTo(
            "{\"type\":\"a\",\"mtu\":1400,\"runtimeConfig\":{\"portMappings\":"
                + "[{\"host_port\":60000,\"container_port\":80}],\"netOutRules\":[{\"protocol\":1,"
                + "\"networks\":[{\"start\":\"2001:db8::1\",\"end\":\"2001:db8::9\"}],"
                + "\"ports\":[{\"start\":443,\"end\":443}],\"icmps\":null,\"log\":true,\"later\":{}}]},"
                + "\"metadata\":{\"space_id\":\"s\",\"log_config\":{\"n\":[1.50]}}}");
    assertThat(plugins.get(1).path("runtimeConfig"))
        .isEqualTo(plugins.get(0).path("runtimeConfig"));
    assertThat(plugins.get(1).path("metadata")).isEqualTo(plugins.get(0).path("metadata"));
  }

  @Test
  void what_guardian_does_not_give_is_null_as_go_writes_it() throws IOException {
    NetworkList extended =
        PluginConfig.extend(
            network(), request("{\"pid\": 7, \"properties\": {}}"), Optional.empty());

    assertThat(extended.plugins().get(0).toString())
        .isEqualTo(
            "{\"type\":\"a\",\"mtu\":1400,\"runtimeConfig\":{\"portMappings\":null,\"netOutRules\":null}}");
  }

  @Test
  void ports_lead_to_ipv4_alone_in_the_words_of_the_conventions() throws IOException {
    assertThat(PluginConfig.capabilities(List.of(new PortMapping(60_000, 80))))
        .isEqualTo(
            JSON.readTree(
                "{\"portMappings\": [{\"hostPort\": 60000, \"containerPort\": 80,"
                    + " \"protocol\": \"tcp\", \"hostIP\": \"0.0.0.0\"}]}"));
    assertThat(PluginConfig.capabilities(List.of())).isEmpty();
  }

  @Test
  void the_namespace_is_the_processs_or_what_was_handed_over() {
    assertThat(request("{\"Pid\": 7}").namespace()).isEqualTo(Path.of("/proc/7/ns/net"));
    assertThat(request("{\"PID\": 0}").namespace()).isEqualTo(Path.of("/proc/self/fd/3"));
    assertThat(request("{}").namespace()).isEqualTo(Path.of("/proc/self/fd/3"));
  }
}
