package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cni.protocol.PluginSkeleton.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The networker's command line and what it refuses, as Guardian sees it. */
class GardenCallTest {
  @TempDir private Path folder;
  private Path config = Path.of("");

  @BeforeEach
  void a_configuration() throws IOException {
    config =
        Files.writeString(
            folder.resolve("c.json"),
            """
            {"cni_plugin_dir": "%1$s", "cni_config_dir": "%1$s/net.d", "bind_mount_dir": "%1$s/mounts",
             "state_file": "%1$s/ports.json", "start_port": 60000, "total_ports": 3,
             "log_prefix": "prefix", "iptables_lock_file": "%1$s/lock", "proxy_port": 15001,
             "proxy_uid": 0, "cni_cache_dir": "%1$s/cache"}
            """
                .formatted(folder));
    Files.createDirectories(folder.resolve("net.d"));
  }

  private static Answer call(String input, Object... arguments) {
    List<String> texts = new ArrayList<>();
    for (Object each : arguments) {
      texts.add(each.toString());
    }
    return GardenCall.serve(
        texts, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
  }

  private String refused(String action, String input) {
    Answer answer = call(input, "--configFile", config, "--action", action, "--handle", "h");
    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stdout()).isEmpty();
    assertThat(answer.stderr()).endsWith("\n").doesNotContain("Exception");
    return answer.stderr();
  }

  @Test
  void flags_are_read_in_every_form_of_go() {
    Answer answer = call("", "-configFile=" + config, "--handle", "h", "-action", "sideways");

    assertThat(answer)
        .isEqualTo(new Answer(1, "", "prefix: unrecognized action: sideways; use up or down\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--banana | flag provided but not defined: -banana",
        "something-else | unexpected extra args: something-else",
        "--handle | flag needs an argument: -handle",
        "--handle=x | missing required flag 'configFile'",
        "--configFile=x | missing required flag 'handle'",
        "--help | this is called by Guardian",
      })
  void wrong_arguments_are_exit_code_1(String argument, String told) {
    Answer answer = call("", argument);

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stderr()).startsWith("cfnetworking: parse args: ").contains(told);
  }

  @Test
  void a_wrong_configuration_is_told_by_pointer() throws IOException {
    Files.writeString(config, Files.readString(config).replace("60000", "\"many\""));

    assertThat(refused("up", "{}")).startsWith("cfnetworking: " + config).contains("/start_port");
    config = folder.resolve("none.json");
    assertThat(refused("up", "{}")).contains("there is no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{{bad | standard input",
        "[] | is no JSON object",
        "{\"pid\": \"not-a-number\"} | pid: \"not-a-number\"",
        "{\"Pid\": -1} | Pid: -1",
        "{\"Pid\": 1, \"Properties\": []} | Properties: is no object",
        "{\"Pid\": 1, \"netin\": {}} | netin: is no list",
        "{\"Pid\": 1, \"netin\": [{\"host_port\": 65536}]} | netin[0].host_port: 65536",
        "{\"Pid\": 1, \"netout_rules\": [{}, {\"protocol\": 256}]} | netout_rules[1].protocol: 256",
        "{\"Pid\": 1, \"netout_rules\": [{\"log\": 1}]} | netout_rules[0].log: 1",
      })
  void what_is_wrong_on_standard_input_is_told_by_path(String input, String told) {
    assertThat(refused("up", input)).startsWith("prefix: ").contains(told);
  }

  @Test
  void networks_and_ports_of_rules_must_make_sense() {
    String rule = "{\"Pid\": 1, \"netout_rules\": [{%s}]}";

    assertThat(
            refused(
                "up",
                rule.formatted("\"networks\": [{\"start\": \"10.0.0.1\", \"end\": \"::1\"}]")))
        .contains("netout_rules[0].networks[0].end: ::1: is of another family");
    assertThat(refused("up", rule.formatted("\"networks\": [{\"start\": \"10.0.0\"}]")))
        .contains("10.0.0")
        .contains("netout_rules[0].networks[0].start");
    assertThat(refused("up", rule.formatted("\"ports\": [{\"start\": 9, \"end\": 8}]")))
        .contains("netout_rules[0].ports[0].end: 8: is before the start, 9");
    assertThat(refused("up", rule.formatted("\"icmps\": {\"type\": 256}")))
        .contains("netout_rules[0].icmps.type: 256");
  }

  @Test
  void without_a_network_nothing_is_up() throws IOException {
    assertThat(refused("up", "{\"Pid\": 1}")).contains("net.d: has no *.conflist and no *.conf");

    Files.writeString(folder.resolve("net.d/a.conf"), "{\"name\": \"n\", \"type\": \"x\"}");
    assertThat(refused("up", "{\"Pid\": 2147483647}"))
        .contains("Pid: there is no /proc/2147483647/ns/net");
    assertThat(folder.resolve("mounts")).doesNotExist();
  }

  @Test
  void a_plugin_that_is_not_there_is_named() throws IOException {
    Files.writeString(folder.resolve("net.d/a.conf"), "{\"name\": \"n\", \"type\": \"absent\"}");

    assertThat(refused("down", "null"))
        .isEqualTo(
            "prefix: DEL of plugin absent: type: absent: is not in %s; install the plugin there\n"
                .formatted(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../h", "h/..", ".h", "a b"})
  void a_handle_that_is_no_name_is_refused(String handle) {
    Answer answer = call("null", "--configFile=" + config, "--action=down", "--handle=" + handle);

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stderr()).containsAnyOf("missing required flag", "invalid characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "net-in | {\"HostIP\": \"10.0.0.1\", \"HostPort\": 8080, \"ContainerIP\": \"10.255.0.2\","
            + " \"ContainerPort\": 80} | 10.0.0.1:8080 can't lead to 10.255.0.2:80",
        "net-in | {\"HostPort\": 65536} | HostPort: 65536",
        "net-out | {\"container_ip\": \"10.255.0.2\", \"netout_rule\": {\"protocol\": 1}} | travel in up",
        "net-out | {} | netout_rule: is missing",
        "net-out | {\"netout_rule\": {\"ports\": 1}} | netout_rule.ports: is no list",
        "bulk-net-out | {\"netout_rules\": [{\"protocol\": 1}]} | travel in up",
        "bulk-net-out | {\"netout_rules\": [1]} | netout_rules[0]: is no object",
      })
  void what_would_change_a_container_that_is_up_is_refused(
      String action, String input, String told) {
    assertThat(refused(action, input)).startsWith("prefix: ").contains(told);
  }

  @Test
  void people_have_a_command() throws IOException {
    Files.writeString(
        folder.resolve("net.d/a.conf"),
        "{\"name\": \"n\", \"type\": \"true\", \"cniVersion\": \"1.0.0\"}");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"cni_plugin_dir\": \"" + folder, "\"oops\": 1, \"cni_plugin_dir\": \"/bin"));
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(err, true));

    assertThat(
            commandLine.execute(
                "garden-network", "down", "--handle", "h", "--config", config.toString()))
        .isZero();

    assertThat(err.toString()).startsWith("prefix: " + config + ": warning: /oops: ");
    assertThat(commandLine.execute("garden-network", "down", "--handle", "h")).isEqualTo(2);
    assertThat(
            commandLine.execute(
                "garden-network", "sideways", "--handle", "h", "--config", config.toString()))
        .isEqualTo(1);
  }

  @Test
  void no_rules_are_nothing_to_do() {
    for (String rules : List.of("[]", "null")) {
      assertThat(
              call(
                  "{\"container_ip\": \"10.255.0.2\", \"netout_rules\": " + rules + "}",
                  "--configFile",
                  config,
                  "--action",
                  "bulk-net-out",
                  "--handle",
                  "h"))
          .isEqualTo(new Answer(0, "", ""));
    }
  }
}
