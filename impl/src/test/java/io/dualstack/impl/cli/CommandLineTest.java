package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.Dualstack;
import io.dualstack.allocation.Owner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a user runs them, over the example files and an embedded database. */
class CommandLineTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RFC = "examples/rfc/";

  @TempDir private Path folder;
  private String store = "";
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void useAFreshStore() {
    store = "sqlite:" + folder.resolve("state/dualstack.db");
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private int onExample(String command, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--store",
                store,
                "--cloud-config",
                RFC + "cloud-config.yml",
                "--manifest",
                RFC + "manifest.yml"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(out.toString());
  }

  @Test
  void apply_prints_each_machine_with_both_addresses_and_its_prefix() {
    assertThat(onExample("apply")).isZero();

    assertThat(out.toString())
        .contains("store:      " + store)
        .contains("provider:   local")
        .containsPattern(
            "diego_cell/0 +z1 +10\\.0\\.16\\.\\d+ +2001:db8:4e04:d139::[0-9a-f]+"
                + " +2001:db8:4e04:d139:1::/80 +created")
        .containsPattern("diego_cell/1 .*2001:db8:4e04:d139:2::/80");
  }

  @Test
  void a_second_apply_changes_nothing_and_says_so() throws IOException {
    onExample("apply");

    assertThat(onExample("apply")).isZero();
    assertThat(out.toString()).contains("Nothing to change");

    onExample("apply", "--json");
    assertThat(json().path("changed").asBoolean(true)).isFalse();
  }

  @Test
  void a_cpi_answers_whatever_happens() throws IOException {
    Path config = Files.writeString(folder.resolve("cpi.json"), "{\"store\": \"" + store + "\"}");
    InputStream before = System.in;
    try {
      System.setIn(stdin("{\"method\": \"info\", \"arguments\": [], \"context\": {}}"));
      assertThat(run("cpi", "--provider", "local", "--config", config.toString())).isZero();
      assertThat(json().at("/result/api_version").asInt()).isEqualTo(2);

      System.setIn(stdin("{\"method\": \"info\", \"arguments\": [], \"context\": {}}"));
      assertThat(run("cpi", "--provider", "azure", "--config", config.toString())).isZero();
      assertThat(json().at("/error/type").asText()).isEqualTo("Bosh::Clouds::CloudError");
      assertThat(json().at("/error/message").asText()).contains("azure");
      assertThat(json().at("/log").isTextual()).isTrue();

      System.setIn(stdin("{\"method\": \"info\", \"arguments\": [], \"context\": {}}"));
      assertThat(run("cpi", "--provider", "local", "--config", folder + "/none.json")).isZero();
      assertThat(json().at("/error/type").asText()).isEqualTo("Bosh::Clouds::CpiError");
      assertThat(json().at("/error/message").asText()).contains("none.json");
    } finally {
      System.setIn(before);
    }
  }

  private static InputStream stdin(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void pools_are_those_of_the_provider_and_a_missing_one_is_told() throws IOException {
    onExample("apply");

    assertThat(run("pools", "--store", store)).isZero();
    assertThat(out.toString())
        .containsPattern("local +\\S+ .*2001:db8:4e04:d139::/64 +\\d+ blocks");

    assertThat(run("pools", "--store", store, "--provider", "local", "--provider", "x", "--json"))
        .isEqualTo(1);
    assertThat(json().at("/pools/0/used")).isNotEmpty();
    assertThat(json().at("/refused/0/provider").asText()).isEqualTo("x");
  }

  @Test
  void drift_finds_what_nobody_holds_and_repair_detaches_it() throws IOException {
    onExample("apply");
    assertThat(run("drift", "--store", store, "--deployment", "cf")).isZero();
    assertThat(out.toString()).contains("No difference: local has what the store says.");

    try (Dualstack dualstack = Dualstack.builder().store(store).build()) {
      dualstack.allocator().release(new Owner("cf/diego_cell/1"));
    }

    assertThat(run("drift", "--store", store, "--deployment", "cf")).isEqualTo(1);
    assertThat(out.toString()).containsPattern("cf/diego_cell/1 .*holds nothing +drift --repair");
    run("drift", "--store", store, "--deployment", "cf", "--json");
    assertThat(json().at("/drifts/0/instance").asText()).isEqualTo("cf/diego_cell/1");
    assertThat(json().at("/drifts/0/repair").asText()).isEqualTo("drift --repair");
    assertThat(run("drift", "--store", store, "--deployment", "cf", "--repair")).isZero();
    assertThat(run("drift", "--store", store, "--deployment", "none")).isZero();
    assertThat(out.toString()).contains("No provider has attached anything for none.");
  }

  @Test
  void plan_shows_in_json_what_apply_does_and_changes_nothing() throws IOException {
    assertThat(onExample("plan", "--json")).isZero();
    JsonNode planned = json();
    run("show", "--store", store, "--json");
    assertThat(json().path("blocks")).isEmpty();

    onExample("apply", "--json");

    assertThat(json().path("instances")).isEqualTo(planned.path("instances"));
    assertThat(planned.at("/instances/0/instance").asText()).isEqualTo("diego_cell/0");
    assertThat(planned.at("/instances/0/az").asText()).isEqualTo("z1");
    assertThat(planned.at("/instances/0/networks").findValuesAsText("action"))
        .isNotEmpty()
        .containsOnly("created");
  }

  @Test
  void every_field_of_the_json_is_described_in_the_readme() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    Set<String> fields = new TreeSet<>();
    onExample("apply", "--json");
    names(json(), fields);
    run("show", "--store", store, "--json");
    names(json(), fields);
    run("show", "2001:db8:4e04:d139:1::1", "--store", store, "--json");
    names(json(), fields);
    run("usage", "--store", store, "--json");
    names(json(), fields);

    assertThat(fields)
        .filteredOn(name -> !name.startsWith("/"))
        .allSatisfy(
            name ->
                assertThat(readme)
                    .containsPattern("`[^`]*\\b" + Pattern.quote(name) + "\\b[^`]*`"));
  }

  private static void names(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names(child, names));
  }

  @Test
  void apply_writes_what_each_machine_is_told_and_release_frees_it() throws IOException {
    Path files = folder.resolve("out");
    onExample("apply", "--out", files.toString());

    Path cell = files.resolve("cf/diego_cell/0");
    assertThat(cell.resolve("systemd/network/10_eth0.network"))
        .content()
        .contains("Destination=2001:db8:4e04:d139:1::/80");
    assertThat(JSON.readTree(cell.resolve("networks.json").toFile()).size()).isEqualTo(3);
    assertThat(JSON.readTree(cell.resolve("settings.json").toFile()).at("/vm/name").asText())
        .isEqualTo("diego_cell/0");
    List<Long> written = modified(files);
    onExample("apply", "--out", files.toString());
    assertThat(modified(files)).isEqualTo(written);

    assertThat(run("release", "--deployment", "cf", "--instance", "diego_cell/0", "--store", store))
        .isZero();
    assertThat(out.toString()).contains("3 released").contains("1 detached");
    run("show", "2001:db8:4e04:d139:1::1", "--store", store);
    assertThat(out.toString()).contains("held by nobody").contains("freed");
    assertThat(run("release", "--deployment", "cf", "--store", store)).isZero();
    run("show", "--store", store);
    assertThat(out.toString()).contains("Nothing is held");
  }

  private static List<Long> modified(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .sorted()
          .map(
              file -> {
                try {
                  return Files.getLastModifiedTime(file).toMillis();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void usage_shows_how_full_each_subnet_is() throws IOException {
    onExample("apply");

    assertThat(run("usage", "--store", store)).isZero();
    assertThat(out.toString()).contains("2001:db8:4e04:d139::/64").contains("/80");

    run("usage", "--store", store, "--json");
    assertThat(json().path("subnets").findValuesAsText("network")).contains("diego_cells_ipv6");
  }

  @Test
  void a_refused_file_names_path_and_line_and_changes_nothing() throws IOException {
    Path broken =
        Files.writeString(
            folder.resolve("broken.yml"),
            Files.readString(Path.of(RFC + "cloud-config.yml"))
                .replaceFirst("gateway: *10\\.[0-9.]+", "gateway: 192.0.2.1"));

    int exit =
        run(
            "apply",
            "--store",
            store,
            "--cloud-config",
            broken.toString(),
            "--manifest",
            RFC + "manifest.yml");

    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .contains("broken.yml:")
        .contains("networks[")
        .contains("192.0.2.1")
        .contains("[NetworkInvalidGateway]")
        .doesNotContain("\tat ");
    run("show", "--store", store, "--json");
    assertThat(json().path("blocks")).isEmpty();
  }

  @Test
  void refusals_are_json_where_json_is_asked_for() throws IOException {
    assertThat(run("plan", "--cloud-config", "nowhere.yml", "--store", store, "--json"))
        .isEqualTo(1);

    JsonNode error = JSON.readTree(err.toString()).at("/errors/0");
    assertThat(error.path("message").asText()).contains("nowhere.yml");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_file_that_is_no_text_is_named() throws IOException {
    assertThat(run("plan", "--cloud-config", folder.toString(), "--store", store)).isEqualTo(1);
    assertThat(err.toString()).contains(folder + ": is a directory; name a file");

    Path bytes = Files.write(folder.resolve("bytes.yml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(run("plan", "--cloud-config", bytes.toString(), "--store", store)).isEqualTo(1);
    assertThat(err.toString()).contains("bytes.yml").contains("UTF-8");
  }

  @Test
  void wrong_usage_ends_with_2() {
    assertThat(run("apply")).isEqualTo(2);
    assertThat(err.toString()).contains("--cloud-config");
    assertThat(run()).isEqualTo(2);
    assertThat(run("release", "--deployment", "cf", "--instance", "nonsense", "--store", store))
        .isEqualTo(2);
    assertThat(err.toString()).contains("GROUP/INDEX");
  }

  @Test
  void an_unknown_provider_and_an_unknown_store_are_refused_in_words() {
    assertThat(onExample("apply", "--provider", "azure")).isEqualTo(1);
    assertThat(err.toString()).contains("azure").contains("local");
    assertThat(run("usage", "--store", "carrier-pigeon:")).isEqualTo(1);
    assertThat(err.toString()).contains("carrier-pigeon:").contains("sqlite:");
  }

  @Test
  void providers_are_shown_without_touching_a_store() throws IOException {
    assertThat(run("providers", "--json", "--store", store)).isZero();

    assertThat(json().at("/providers").findValuesAsText("name")).contains("local");
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void a_released_address_rests_for_the_cool_down() throws IOException {
    onExample("apply");
    run("release", "--deployment", "cf", "--cool-down", "PT1H", "--store", store);

    run("show", "2001:db8:4e04:d139:1::1", "--store", store, "--json");

    assertThat(json().at("/holder/state").asText()).isEqualTo("quarantined");
    assertThat(json().at("/holder/until").asText()).isNotEmpty();
  }
}
