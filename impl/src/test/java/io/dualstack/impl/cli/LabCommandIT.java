package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole foundation, made by the command, tried, broken, and taken down. */
class LabCommandIT {
  private static final Path NAMESPACES = Path.of("/run/netns");

  @TempDir private Path folder;

  private final String name = "it" + ProcessHandle.current().pid() % 1_000_000;
  private final StringWriter printed = new StringWriter();
  private final StringWriter refused = new StringWriter();
  private String links = "";

  @BeforeEach
  void see_the_machine_as_it_is() {
    links = tool("ip", "-br", "link");
  }

  @AfterEach
  void leave_nothing() throws IOException {
    assertThat(run("down")).isZero();
    assertThat(namespaces()).isEmpty();
    assertThat(Path.of("/run/dualstack-lab", name)).doesNotExist();
    assertThat(tool("ip", "-br", "link")).isEqualTo(links);
  }

  @Test
  void the_example_is_up_and_who_reaches_whom_is_as_it_should_be() throws Exception {
    assertThat(run("up", "--test")).as(refused.toString()).isZero();

    String matrix = printed.toString();
    assertThat(matrix)
        .contains(
            "4 machines with addresses",
            "11 namespaces, linked and routed",
            "4 endpoints registered by NATS at [2001:db8:4e04:d139::2]:4222",
            "2 routes through HAProxy at router/0",
            "49 of 49 attempts as they should be")
        .doesNotContain("WRONG");
    assertRow(matrix, "policy +frontend/0 +backend/1 +reached as 10\\.255\\.\\S+ +refused");
    assertRow(matrix, "policy +backend/0 +frontend/0 +refused +refused");
    assertRow(
        matrix,
        "security group +frontend/0 +outside:80 +reached as 10\\.0\\.16\\.4"
            + " +reached as 2001:db8:4e04:d139:1::2");
    assertRow(matrix, "security group +frontend/0 +outside:25 +refused +refused");
    assertRow(matrix, "no ingress +outside +frontend/0 +refused +refused");
    assertRow(
        matrix,
        "route +outside +router/0:1024 \\(frontend\\) +reached as 2001:db8:4e04:d139::3"
            + " +reached as 2001:db8:4e04:d139::3");

    JsonNode status = status();
    assertThat(status.path("machines")).hasSize(4);
    assertThat(status.at("/machines/2/prefix").textValue()).isEqualTo("2001:db8:4e04:d139:1::/80");
    assertThat(status.path("instances")).hasSize(5);
    Path map = folder.resolve("map.html");
    assertThat(run("status", "--map", map.toString())).isZero();
    assertThat(map).content().contains("<svg", "2001:db8:4e04:d139:1::/80", "cf/diego_cell/0");
    assertThat(run("up")).isEqualTo(1);
    assertThat(refused.toString()).contains("is up already; take it down first");
  }

  @Test
  void what_is_broken_is_found_and_what_was_killed_is_cleaned_up() throws Exception {
    assertThat(run("up", "--backend", "iptables")).as(refused.toString()).isZero();
    JsonNode status = status();
    String cell = status.at("/machines/2/namespace").textValue();
    tool("ip", "netns", "exec", Path.of(cell).getFileName().toString(), "ip6tables", "-F");
    tool("ip", "netns", "exec", Path.of(cell).getFileName().toString(), "iptables", "-F");

    assertThat(run("test")).isEqualTo(1);

    assertThat(printed.toString()).contains("WRONG: reached as");
    long process =
        Long.parseLong(
            Files.readString(Path.of("/run/dualstack-lab", name, "process")).split(" ")[0]);
    ProcessHandle killed = ProcessHandle.of(process).orElseThrow();
    assertThat(killed.destroyForcibly()).isTrue();
    ProcessHandle ended = killed.onExit().get();
    assertThat(run("test")).as("with process %s dead", ended).isEqualTo(1);
    assertThat(refused.toString()).contains("is not up; start it by: dualstack lab up");
    assertThat(namespaces()).isNotEmpty();
  }

  @Test
  void without_ipv6_it_is_a_foundation_of_ipv4() throws Exception {
    Path cloudConfig =
        Files.writeString(
            folder.resolve("cloud-config.yml"),
            """
            azs: [{name: z1}]
            networks:
              - name: default
                subnets:
                  - {az: z1, range: 10.0.16.0/20, gateway: 10.0.16.1}
            """);
    Path manifest =
        Files.writeString(
            folder.resolve("manifest.yml"),
            """
            name: cf
            instance_groups:
              - {name: control, instances: 1, azs: [z1], networks: [{name: default}]}
              - {name: router, instances: 1, azs: [z1], networks: [{name: default}]}
              - {name: diego_cell, instances: 2, azs: [z1], networks: [{name: default}]}
            """);
    Path apps =
        Files.writeString(
            folder.resolve("apps.json"),
            """
            {"apps": [{"name": "a", "instances": 2, "route": 1024}, {"name": "b", "rout": 1}],
             "policies": [{"source": "b", "destination": "a", "ports": "8080"}]}
            """);

    assertThat(
            run(
                "up",
                "--test",
                "--cloud-config",
                cloudConfig.toString(),
                "--manifest",
                manifest.toString(),
                "--apps",
                apps.toString()))
        .as(refused.toString())
        .isZero();

    assertThat(printed.toString()).doesNotContain("WRONG");
    assertThat(refused.toString()).contains("/apps/1/rout", "is no key of this file");
    assertRow(printed.toString(), "policy +b/0 +a/1 +reached as 10\\.255\\.\\S+ +-");
    assertRow(
        printed.toString(), "route +outside +router/0:1024 \\(a\\) +reached as 10\\.0\\.16\\.3 +-");
    for (Path namespace : namespaces()) {
      if (namespace.getFileName().toString().matches(".*-[ab]-\\d")) {
        assertThat(tool("ip", "-n", namespace.getFileName().toString(), "-6", "-br", "address"))
            .as("%s", namespace)
            .doesNotContain("2001:");
      }
    }
  }

  private JsonNode status() throws IOException {
    printed.getBuffer().setLength(0);
    assertThat(run("status", "--json")).isZero();
    return new ObjectMapper().readTree(printed.toString());
  }

  private static void assertRow(String matrix, String row) {
    assertThat(matrix.lines()).anyMatch(line -> line.matches(row));
  }

  private List<Path> namespaces() throws IOException {
    try (Stream<Path> files = Files.exists(NAMESPACES) ? Files.list(NAMESPACES) : Stream.of()) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("dslab-" + name + "-"))
          .toList();
    }
  }

  private static String tool(String... command) {
    return Tool.run(Namespace.own(), List.of(command), "");
  }

  private int run(String action, String... options) {
    List<String> arguments = new ArrayList<>(List.of("lab", action, "--name", name));
    arguments.addAll(List.of(options));
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed));
    line.setErr(new PrintWriter(refused));
    return line.execute(arguments.toArray(String[]::new));
  }
}
