package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.impl.golden.GoldenFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line makes of files; nothing is asked of the kernel. */
class FirewallCompileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private CellFiles files;

  @BeforeEach
  void files() throws IOException {
    files = new CellFiles(folder);
  }

  private String compiled(String... options) {
    assertThat(files.run(files.command("compile", options))).as(files.err.toString()).isZero();
    return files.out.toString();
  }

  @Test
  void prints_what_the_kernel_would_be_given() throws IOException {
    String both = compiled("--ipv6");
    String bothByNftables = compiled("--ipv6", "--backend", "nftables");
    files.containers(false, CellFiles.WEB, CellFiles.TASK);

    GoldenFiles.of("firewall/compile")
        .assertMatch(
            Map.of(
                "iptables-both",
                both,
                "nftables-both",
                bothByNftables,
                "iptables-ipv4",
                compiled(),
                "nftables-ipv4",
                compiled("--backend", "nftables")));
  }

  @Test
  void without_ipv6_there_is_nothing_of_it() throws IOException {
    files.containers(false, CellFiles.WEB, CellFiles.TASK);

    assertThat(compiled() + compiled("--backend", "nftables"))
        .doesNotContain("ip6")
        .doesNotContain("ipv6")
        .doesNotContain("2001:");
  }

  @Test
  void by_ipv4_the_rules_are_the_same_with_ipv6_and_without() throws IOException {
    String both = compiled("--ipv6");
    files.containers(false, CellFiles.WEB, CellFiles.TASK);

    assertThat(both).startsWith(compiled());
  }

  @Test
  void each_container_has_the_groups_of_its_space_and_of_what_it_does() {
    String rules = compiled("--ipv6");

    assertThat(rules.lines().filter(line -> line.startsWith("-A asg-aaaaaaaa")))
        .anyMatch(line -> line.contains("198.51.100.0"))
        .anyMatch(line -> line.contains("9.9.9.9"))
        .anyMatch(line -> line.contains("2001:db8:5::"))
        .noneMatch(line -> line.contains("203.0.113.0"));
    assertThat(rules.lines().filter(line -> line.startsWith("-A asg-bbbbbbbb")))
        .anyMatch(line -> line.contains("203.0.113.0"))
        .noneMatch(line -> line.contains("198.51.100.0"))
        .noneMatch(line -> line.contains("9.9.9.9"));
  }

  @Test
  void json_holds_the_same_text() throws IOException {
    String text = compiled("--ipv6");
    JsonNode json = JSON.readTree(compiled("--ipv6", "--json"));

    StringBuilder same = new StringBuilder();
    for (JsonNode input : json.path("inputs")) {
      same.append('#');
      input.path("command").forEach(part -> same.append(' ').append(part.asText()));
      same.append(System.lineSeparator()).append(input.path("input").asText());
    }
    assertThat(json.path("backend").asText()).isEqualTo("iptables");
    assertThat(same).hasToString(text);
  }

  private JsonNode refused(String... options) throws IOException {
    assertThat(files.run(files.command("compile", options))).isEqualTo(1);
    assertThat(files.out.toString()).isEmpty();
    return JSON.readTree(files.err.toString()).path("errors");
  }

  @Test
  void a_container_that_would_be_open_by_ipv6_is_refused_without_it() throws IOException {
    JsonNode errors = refused("--json");

    assertThat(errors.findValuesAsText("path"))
        .containsExactly("/" + CellFiles.WEB + "/ipv6", "/" + CellFiles.TASK + "/ipv6");
    assertThat(errors.path(0).path("message").asText())
        .startsWith("\"2001:db8:c:1::2\": would be open to all");
  }

  @Test
  void every_fault_of_the_containers_is_told_with_its_place() throws IOException {
    files.write(
        "containers.json",
        """
        {"a": {"handle": "b", "ip": "10.255.1.300", "adress": 1},
         "b": {"ip": "10.255.1.2", "ipv6": "2001:db8:d::1",
               "metadata": {"space_id": 7, "container_workload": "apps"}},
         "c": {"ip": "10.255.1.2", "port_mappings": [{"host_port": 0}]},
         "d": [], "e": {},
         "f/g": {"ip": "10.255.1.6"},
         "h": {"ip": "10.255.1.7", "metadata": {"ports": "80,x"}}}
        """);

    assertThat(refused("--ipv6", "--json").findValuesAsText("path"))
        .containsExactly(
            "/a/adress",
            "/a/handle",
            "/a/ip",
            "/b/ipv6",
            "/b/metadata/space_id",
            "/b/metadata/container_workload",
            "/c/ip",
            "/c/port_mappings/0",
            "/c/device",
            "/d",
            "/e/ip",
            "/f~1g",
            "/h");
  }

  @Test
  void handles_that_iptables_can_not_tell_apart_are_refused() throws IOException {
    files.write(
        "containers.json",
        "{\"aaaaaaaa-1111-4222-8333-1\": {\"ip\": \"10.255.1.2\"},"
            + "\"aaaaaaaa-1111-4222-8333-2\": {\"ip\": \"10.255.1.3\"}}");

    assertThat(refused("--json").path(0).path("message").asText())
        .contains("is another container's");
    assertThat(compiled("--backend", "nftables")).contains("10.255.1.3");
  }

  @Test
  void policies_groups_and_keys_are_refused_with_their_places() throws IOException {
    files.write(
        "policies.json",
        """
        {"policies": [
          {"source": {"id": "app-b", "tag": "002B"},
           "destination": {"id": "app-a", "tag": "002A", "protocol": "tcp",
                           "ports": {"start": 1, "end": 2}}},
          {"source": {"id": "app-b", "tag": "x"},
           "destination": {"id": "app-a", "tag": "002A", "protocol": "tcp",
                           "ports": {"start": 1, "end": 2}}}]}
        """);
    assertThat(refused("--ipv6", "--json").findValuesAsText("path")).containsExactly("/policies/1");

    files.write("policies.json", "{}");
    assertThat(refused("--ipv6", "--json").findValuesAsText("path")).containsExactly("/policies");

    files.write(
        "groups.json",
        """
        [{"guid": "g", "name": "one", "rules": [],
          "relationships": {"running_spaces": {"data": [{}]}}},
         {"guid": "g", "name": "two", "rules": []}]
        """);
    assertThat(refused("--ipv6", "--json").findValuesAsText("path"))
        .containsExactly("/0/relationships/running_spaces/data/0/guid", "/1/guid");

    files.write("config.json", "{\"instance_address\": \"10.0.0.1\"}");
    assertThat(refused("--ipv6", "--json").path(0).path("path").asText())
        .isEqualTo("/iptables_lock_file");
  }

  @Test
  void an_unknown_back_end_is_wrong_usage() {
    assertThat(files.run(files.command("compile", "--backend", "pf"))).isEqualTo(2);
    assertThat(files.err.toString()).contains("--backend").contains("pf");
  }
}
