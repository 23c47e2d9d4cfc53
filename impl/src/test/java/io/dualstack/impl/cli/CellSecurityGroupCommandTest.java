package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.policy.http.CellGroups;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code security-group list|show --cell}. */
class CellSecurityGroupCommandTest {
  private static final List<BoundSecurityGroup> GROUPS =
      List.of(
          new BoundSecurityGroup(
              "g-web",
              "web",
              List.of(new GroupRule("icmpv6", "2001:DB8::/32", "", -1, -1, "", false)),
              true,
              true,
              Set.of(),
              Set.of()),
          new BoundSecurityGroup(
              "g-dns",
              "dns",
              List.of(
                  new GroupRule("udp", "10.0.0.2,2001:db8::53", "53", 0, 0, "<resolvers>", true)),
              false,
              false,
              Set.of(),
              Set.of("space-1")));

  /** The same groups as a file has them. */
  private static final String FILE =
      """
      [{"name":"web","globally_enabled":{"running":true,"staging":true},
        "rules":[{"protocol":"icmpv6","destination":"2001:DB8::/32","type":-1,"code":-1}]},
       {"name":"dns","relationships":{"running_spaces":{"data":[{"guid":"space-1"}]}},
        "rules":[{"protocol":"udp","destination":"10.0.0.2,2001:db8::53","ports":"53",
                  "description":"<resolvers>","log":true}]}]
      """;

  @TempDir private Path folder;
  private HttpServer server;
  private Answer answer;
  private String out;
  private String err;

  @BeforeEach
  void an_agent() throws IOException {
    told("", Set.of("space-1"), GROUPS);
    server =
        Plain.start(
            new InetSocketAddress("127.0.0.1", 0),
            exchange -> {
              if (exchange.getRequestURI().getPath().equals("/security-groups")) {
                Plain.send(exchange, answer);
              } else {
                Plain.sendNotFound(exchange);
              }
            });
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private void told(String failure, Set<String> spaces, List<BoundSecurityGroup> groups) {
    answer = Answer.ok(new CellGroups(Duration.ofSeconds(61), failure, spaces, groups).write());
  }

  private int run(String verb, String... arguments) {
    StringWriter said = new StringWriter();
    StringWriter refused = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(refused, true));
    List<String> all = new ArrayList<>(List.of("security-group", verb));
    all.addAll(List.of(arguments));
    int code = line.execute(all.toArray(String[]::new));
    out = said.toString();
    err = refused.toString();
    assertThat(err).doesNotContain("\tat ").doesNotContain("InternalError");
    return code;
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String ofFile(String verb, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(Files.writeString(folder.resolve("g.json"), FILE).toString()));
    arguments.addAll(List.of(more));
    assertThat(run(verb, arguments.toArray(String[]::new))).as(err).isZero();
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "show"})
  void a_cells_groups_are_shown_as_those_of_files_with_their_age(String verb) throws IOException {
    String file = ofFile(verb);

    assertThat(run(verb, "--cell", url())).as(err).isZero();

    assertThat(out).isEqualTo("As of 61 s ago.\n" + file);
    assertThat(out).contains("2001:DB8::/32", "10.0.0.2,2001:db8::53");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "show"})
  void as_json_too(String verb) throws IOException {
    JsonNode file = new ObjectMapper().readTree(ofFile(verb, "--json"));

    assertThat(run(verb, "--cell", url(), "--json")).as(err).isZero();

    ObjectNode cell = (ObjectNode) new ObjectMapper().readTree(out);
    assertThat(cell.remove("age_seconds").asInt()).isEqualTo(61);
    assertThat(cell).isEqualTo(file);
  }

  @Test
  void a_server_that_is_silent_since_is_said() throws IOException {
    told("it is away", Set.of("space-1"), GROUPS);

    assertThat(run("list", "--cell", url())).isZero();
    assertThat(out).contains("Since then the policy server told nothing: it is away\n");
    assertThat(run("list", "--cell", url(), "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out).path("failure").asText()).isEqualTo("it is away");
  }

  @Test
  void groups_that_nobody_asked_for_are_not_shown_as_none() {
    told("", Set.of(), List.of());
    assertThat(run("list", "--cell", url())).isZero();
    assertThat(out).contains("No container of the cell is in a space");

    answer = Answer.error(503, "no security groups are known yet, as it began now");
    assertThat(run("list", "--cell", url())).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err).contains("answered 503: no security groups are known yet, as it began now");
  }

  @Test
  void who_is_no_agent_is_told_apart() {
    assertThat(run("show", "--cell", url() + "/elsewhere")).isEqualTo(1);
    assertThat(err).contains("/elsewhere/security-groups: answered 404: 404 page not found");

    answer = Answer.ok("{\"security_groups\":[]}");
    assertThat(run("show", "--cell", url())).isEqualTo(1);
    assertThat(err).contains("no answer of a policy agent's debug_server: age_seconds: is missing");

    assertThat(run("show", "--cell", "unix:/run/x")).isEqualTo(1);
    assertThat(err).contains("--cell: ", "unix:/run/x: a policy agent has no socket");
  }

  @Test
  void files_or_a_cell_are_needed_and_not_both() {
    assertThat(run("list")).isEqualTo(2);
    assertThat(err).contains("FILE", "--cell");
    assertThat(run("list", "file.json", "--cell", url())).isEqualTo(2);
    assertThat(err).contains("FILE", "--cell");
  }
}
