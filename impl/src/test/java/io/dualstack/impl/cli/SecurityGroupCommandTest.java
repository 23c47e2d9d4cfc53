package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SecurityGroupCommandTest {
  private static final String GROUPS =
      """
      [{"name":"web","globally_enabled":{"running":true,"staging":true},
        "rules":[{"protocol":"icmpv6","destination":"2001:DB8::/32","type":-1,"code":-1}]},
       {"name":"dns","relationships":{"running_spaces":{"data":[{"guid":"space-1"}]}},
        "rules":[{"protocol":"udp","destination":"10.0.0.2,2001:db8::53","ports":"53",
                  "description":"<resolvers> & co"}]}]
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String json, String verb, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("groups.json"), json);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 3];
    arguments[0] = "security-group";
    arguments[1] = verb;
    arguments[2] = file.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return line.execute(arguments);
  }

  @Test
  void a_group_is_shown_with_its_rules_as_they_are_written() throws IOException {
    assertThat(run(GROUPS, "show")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "name: dns",
            "rules:",
            "[",
            "  {",
            "    \"protocol\": \"udp\",",
            "    \"destination\": \"10.0.0.2,2001:db8::53\",",
            "    \"ports\": \"53\",",
            "    \"description\": \"<resolvers> & co\"",
            "  }",
            "]",
            "SPACE    LIFECYCLE",
            "space-1  running",
            "",
            "name: web",
            "rules:",
            "[",
            "  {",
            "    \"protocol\": \"icmpv6\",",
            "    \"destination\": \"2001:DB8::/32\",",
            "    \"type\": -1,",
            "    \"code\": -1",
            "  }",
            "]",
            "SPACE  LIFECYCLE",
            "<all>  running",
            "<all>  staging");
  }

  @Test
  void rules_are_listed_by_group_and_lifecycle() throws IOException {
    assertThat(run(GROUPS, "list")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "SECURITY GROUP  DESTINATION            PORTS  PROTOCOL  LIFECYCLE  DESCRIPTION",
            "dns             10.0.0.2,2001:db8::53  53     udp       running    <resolvers> & co",
            "web             2001:DB8::/32                 icmpv6    running",
            "web             2001:DB8::/32                 icmpv6    staging");
  }

  @Test
  void as_json_a_group_has_what_is_shown_of_it() throws IOException {
    assertThat(run(GROUPS, "show", "--json")).isZero();

    JsonNode groups = new ObjectMapper().readTree(out.toString()).path("groups");
    assertThat(groups.path(0).at("/spaces/running/0").asText()).isEqualTo("space-1");
    assertThat(groups.path(1).at("/globally_enabled/staging").asBoolean()).isTrue();
    assertThat(groups.path(1).at("/rules/0/destination").asText()).isEqualTo("2001:DB8::/32");
  }

  @Test
  void a_check_takes_what_the_platform_has_switched_on() throws IOException {
    assertThat(run(GROUPS, "check", "--ipv6", "--lists")).isZero();
    assertThat(out.toString()).contains("valid: groups 2, rules 2");

    assertThat(run(GROUPS, "check")).isEqualTo(1);
    assertThat(err.toString())
        .contains("/0/rules/0/protocol: \"icmpv6\": needs enable_ipv6")
        .contains("/1/rules/0/destination: \"10.0.0.2,2001:db8::53\"")
        .doesNotContain("\tat ");
  }

  @Test
  void a_group_without_rules_is_shown_as_one() throws IOException {
    assertThat(run("{\"name\":\"empty\"}", "show")).isZero();
    assertThat(out.toString()).contains("name: empty").contains("[ ]").contains("-      -");
  }
}
