package io.dualstack.impl.cni.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.impl.kernel.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of plugins that write down how they were called. */
class NetworkRuntimeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESULT =
      "{\"cniVersion\":\"%s\",\"ips\":[{\"address\":\"10.0.0.%d/24\"}],\"own\":\"<kept>\"}";

  @TempDir Path directory;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void plugins() throws IOException {
    plugin("one", RESULT.formatted("1.0.0", 1), 0);
    plugin("two", RESULT.formatted("1.0.0", 2), 0);
    plugin("refuses", "{\"code\": 11, \"msg\": \"busy\", \"details\": \"later\"}", 1);
    plugin("crashes", "oops", 2);
  }

  /** Each writes environment and input to {@code calls}, one line; on DEL it says nothing. */
  private void plugin(String name, String answer, int exitCode) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve(name),
            """
            #!/bin/sh
            echo "$CNI_COMMAND %s $CNI_CONTAINERID $CNI_NETNS $CNI_IFNAME $CNI_PATH [$CNI_ARGS] $(cat)" >> '%s/calls'
            [ $CNI_COMMAND = DEL ] && exit 0
            echo "working" >&2
            echo '%s'
            exit %d
            """
                .formatted(name, directory, answer, exitCode));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private NetworkRuntime runtime() {
    return new NetworkRuntime(
        Namespace.own(),
        List.of(directory.resolve("none"), directory),
        directory.resolve("cache"),
        notes::add);
  }

  private Place place(String version, String... plugins) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("n.conflist"),
            "{\"cniVersion\":\"%s\",\"name\":\"net\",\"plugins\":[%s]}"
                .formatted(version, String.join(",", plugins)));
    return new Place(
        NetworkList.read(file), new Attachment("c1", "eth0"), Path.of("/run/netns/c1"));
  }

  private static String type(String name) {
    return "{\"type\":\"" + name + "\"}";
  }

  /** The command and the plugin of every call, in order. */
  private List<String> calls() throws IOException {
    return lines().stream()
        .map(line -> String.join(" ", line.split(" ", 3)[0], line.split(" ", 3)[1]))
        .toList();
  }

  private List<String> lines() throws IOException {
    Path file = directory.resolve("calls");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private JsonNode input(int call) throws IOException {
    String line = lines().get(call);
    return JSON.readTree(line.substring(line.indexOf('{')));
  }

  private Path cached() {
    return directory.resolve("cache/results/net-c1-eth0");
  }

  @Test
  void results_are_handed_on_and_kept_for_the_way_back() throws IOException {
    Place place = place("1.0.0", type("one"), type("two"));

    CniResult result = runtime().add(place, JSON.createObjectNode());
    JsonNode kept = JSON.readTree(cached().toFile());
    runtime().del(place);

    assertThat(result.ips().get(0).address()).hasToString("10.0.0.2/24");
    assertThat(calls()).containsExactly("ADD one", "ADD two", "DEL two", "DEL one");
    assertThat(lines().get(0))
        .contains(" c1 /run/netns/c1 eth0 %1$s/none:%1$s [] ".formatted(directory));
    assertThat(input(0))
        .isEqualTo(JSON.readTree("{\"type\":\"one\",\"cniVersion\":\"1.0.0\",\"name\":\"net\"}"));
    assertThat(input(1).path("prevResult")).isEqualTo(JSON.readTree(RESULT.formatted("1.0.0", 1)));
    for (int del : List.of(2, 3)) {
      assertThat(input(del).path("prevResult"))
          .isEqualTo(JSON.readTree(RESULT.formatted("1.0.0", 2)));
    }
    assertThat(kept)
        .isEqualTo(
            JSON.readTree(
                """
                {"kind": "cniCacheV1", "containerId": "c1", "config": "%s", "ifName": "eth0",
                 "networkName": "net", "netns": "/run/netns/c1", "result": %s}
                """
                    .formatted(
                        java.util.Base64.getEncoder()
                            .encodeToString(Files.readAllBytes(directory.resolve("n.conflist"))),
                        RESULT.formatted("1.0.0", 2))));
    assertThat(cached()).doesNotExist();
    assertThat(notes).containsExactly("one: working", "two: working");
  }

  @Test
  void del_gets_no_result_in_versions_that_know_none() throws IOException {
    plugin("one", RESULT.formatted("0.3.1", 1), 0);
    Place place = place("0.3.1", type("one"));

    CniResult unused = runtime().add(place, JSON.createObjectNode());
    runtime().del(place);

    assertThat(input(1).has("prevResult")).isFalse();
  }

  @Test
  void who_has_a_capability_is_told_when_it_adds_and_when_it_deletes() throws IOException {
    ObjectNode capabilities = JSON.createObjectNode();
    capabilities.putObject("portMappings").put("x", 1);
    capabilities.put("bandwidth", 2);
    Place place =
        place(
            "1.0.0",
            "{\"type\":\"one\",\"capabilities\":{\"portMappings\":true,\"bandwidth\":false}}",
            type("two"));

    CniResult unused = runtime().add(place, capabilities);
    runtime().del(place);

    for (int call : List.of(0, 3)) {
      assertThat(input(call).path("runtimeConfig"))
          .isEqualTo(JSON.readTree("{\"portMappings\":{\"x\":1}}"));
    }
    for (int call : List.of(1, 2)) {
      assertThat(input(call).has("runtimeConfig")).isFalse();
    }
  }

  @Test
  void a_failed_add_is_undone_in_reverse_order() throws IOException {
    Place place = place("1.0.0", type("one"), type("refuses"), type("two"));

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> runtime().add(place, JSON.createObjectNode()))
        .withMessage("ADD of plugin refuses: busy")
        .satisfies(e -> assertThat(e.code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER))
        .satisfies(e -> assertThat(e.details()).isEqualTo("later"));
    assertThat(calls()).containsExactly("ADD one", "ADD refuses", "DEL refuses", "DEL one");
    assertThat(input(3).path("prevResult")).isEqualTo(JSON.readTree(RESULT.formatted("1.0.0", 1)));
    assertThat(cached()).doesNotExist();
  }

  @Test
  void what_cant_be_undone_is_kept_for_a_later_del() throws IOException {
    ObjectNode capabilities = JSON.createObjectNode().put("bandwidth", 2);
    Path two = directory.resolve("two");
    Files.writeString(two, Files.readString(two).replace("&& exit 0", "&& exit 3"));
    Place place =
        place("1.0.0", "{\"type\":\"two\",\"capabilities\":{\"bandwidth\":true}}", type("refuses"));

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> runtime().add(place, capabilities))
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .asString()
                    .contains("DEL of plugin two: ended with exit code 3"));
    plugin("two", "", 0);
    runtime().del(place);

    assertThat(calls())
        .containsExactly(
            "ADD two", "ADD refuses", "DEL refuses", "DEL two", "DEL refuses", "DEL two");
    assertThat(input(5).at("/runtimeConfig/bandwidth").asInt()).isEqualTo(2);
    assertThat(cached()).doesNotExist();
  }

  @Test
  void a_plugin_that_says_no_error_is_quoted() throws IOException {
    Place place = place("1.0.0", type("crashes"));

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> runtime().add(place, JSON.createObjectNode()))
        .withMessage("ADD of plugin crashes: ended with exit code 2 and without an error object")
        .satisfies(e -> assertThat(e.details()).isEqualTo("it said: oops"));
  }

  @Test
  void what_was_kept_and_cant_be_read_is_done_without() throws IOException {
    Place place = place("1.0.0", type("one"));
    for (String text : List.of("{", "{\"kind\":\"other\"}", "[]")) {
      Files.createDirectories(cached().getParent());
      Files.writeString(cached(), text);

      runtime().del(place);

      assertThat(cached()).doesNotExist();
    }
    assertThat(calls()).containsExactly("DEL one", "DEL one", "DEL one");
    assertThat(notes).hasSize(3).allMatch(note -> note.startsWith("what was kept"));
  }

  @Test
  void the_first_list_of_a_directory_wins_over_single_plugins() throws IOException {
    Path configs = Files.createDirectories(directory.resolve("net.d"));
    Files.writeString(configs.resolve("10.conf"), "{\"name\":\"single\",\"type\":\"one\"}");
    assertThat(NetworkList.in(configs, notes::add).name()).isEqualTo("single");
    assertThat(NetworkList.in(configs, notes::add).version()).hasToString("0.1.0");

    for (String name : List.of("30", "20")) {
      Files.writeString(
          configs.resolve(name + ".conflist"),
          "{\"name\":\"n%s\",\"cniVersions\":[\"0.4.0\",\"1.1.0\",\"9.0.0\"],\"plugins\":[%s]}"
              .formatted(name, type("one")));
    }

    NetworkList network = NetworkList.in(configs, notes::add);

    assertThat(network.name()).isEqualTo("n20");
    assertThat(network.version()).hasToString("1.1.0");
    assertThat(notes).singleElement().asString().contains("only " + configs.resolve("20.conflist"));
  }

  @Test
  void a_list_that_is_wrong_is_named_with_its_file() {
    for (String[] each :
        new String[][] {
          {"{", "error unmarshall network configuration"},
          {"{\"plugins\":[]}", "missing network name"},
          {"{\"name\":\"n\"}", "plugins: is missing or empty"},
          {"{\"name\":\"n\",\"plugins\":[{\"type\":\"a\"},{}]}", "plugins[1].type: is missing"},
          {"{\"name\":\"n\",\"plugins\":[7]}", "plugins[0]: is no object"},
          {"{\"cniVersion\":\"7\",\"name\":\"n\",\"type\":\"a\"}", "incompatible CNI versions"},
        }) {
      assertThatExceptionOfType(CniException.class)
          .isThrownBy(() -> NetworkList.read(Files.writeString(directory.resolve("x"), each[0])))
          .withMessageStartingWith(directory.resolve("x") + ": " + each[1]);
    }
  }

  @Test
  void a_type_that_leads_elsewhere_is_refused() throws IOException {
    for (String type : List.of("../one", "..", "/bin/true")) {
      Place place = place("1.0.0", type(type));

      assertThatExceptionOfType(CniException.class)
          .isThrownBy(() -> runtime().del(place))
          .withMessageContaining("is no name of an executable");
    }
  }
}
