package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RoutesCommandTest {
  private static final String ROUTES =
      """
      [{"router_group_guid":"g","port":1024,"backend_ip":"2001:DB8::1","backend_port":8080,
        "backend_tls_port":-1},
       {"router_group_guid":"g","port":1024,"backend_ip":"!","backend_port":8080}]
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int render(String json, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("routes.json"), json);
    List<String> arguments = new ArrayList<>(List.of("routes", "render", "--routes", file + ""));
    arguments.addAll(List.of(more));
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments.toArray(String[]::new));
  }

  @Test
  void routes_are_shown_as_haproxy_is_told_and_what_is_left_out_is_told() throws IOException {
    assertThat(render(ROUTES)).isZero();

    assertThat(out.toString())
        .contains("frontend frontend_1024")
        .contains("bind :1024\n")
        .contains("  server server_2001:db8::1_8080 [2001:db8::1]:8080\n");
    assertThat(err.toString()).contains("/1/backend_ip").hasLineCount(1);
  }

  @Test
  void as_json_both_are_in_one_document() throws IOException {
    assertThat(render(ROUTES, "--json", "--dual-stack-frontends")).isZero();

    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.path("haproxy").asText()).contains("bind [::]:1024 v4v6\n");
    assertThat(document.path("warnings").get(0).path("path").asText()).isEqualTo("/1/backend_ip");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void what_is_no_array_of_routes_is_refused_in_words() throws IOException {
    assertThat(render("[{\"port\":70000}]")).isEqualTo(1);
    assertThat(err.toString()).contains("/0/port: 70000").doesNotContain("\tat ");
  }

  @Test
  void a_file_name_that_haproxy_would_take_apart_is_wrong_usage() throws IOException {
    assertThat(render(ROUTES, "--backend-ca-file", "a b")).isEqualTo(2);
  }
}
