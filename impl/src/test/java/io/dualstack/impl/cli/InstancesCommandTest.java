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

class InstancesCommandTest {
  private static final String STATS =
      """
      {"resources":[
       {"type":"web","index":0,"state":"RUNNING","host":"10.0.16.4","instance_internal_ip":"10.255.3.7",
        %s"instance_ports":[{"external":61003,"internal":8080}],"uptime":9042},
       {"type":"web","index":1,"state":"DOWN","uptime":0}]}
      """;
  private static final String IPV6 = "\"instance_internal_ipv6\":\"2001:db8::7\",";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int instances(String json, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("instances.json"), json);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] arguments = new String[more.length + 3];
    arguments[0] = "instances";
    arguments[1] = "--file";
    arguments[2] = file.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return line.execute(arguments);
  }

  @Test
  void without_ipv6_there_is_no_column_for_it() throws IOException {
    assertThat(instances(STATS.formatted(""))).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "PROCESS  INSTANCE  STATE    UPTIME  CELL       IPV4        PORTS",
            "web      #0        RUNNING  9042s   10.0.16.4  10.255.3.7  61003->8080",
            "web      #1        DOWN     0s      -          -           -");
  }

  @Test
  void both_addresses_of_an_instance_are_shown() throws IOException {
    assertThat(instances(STATS.formatted(IPV6))).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "PROCESS  INSTANCE  STATE    UPTIME  CELL       IPV4        IPV6         PORTS",
            "web      #0        RUNNING  9042s   10.0.16.4  10.255.3.7  2001:db8::7  61003->8080",
            "web      #1        DOWN     0s      -          -           -            -");
  }

  @Test
  void records_have_the_time_of_their_state() throws IOException {
    assertThat(
            instances(
                "{\"actual_lrps\":[{\"process_guid\":\"p\",\"index\":2,\"state\":\"RUNNING\","
                    + "\"address\":\"10.0.16.4\",\"instance_address\":\"10.255.3.7\","
                    + "\"instance_ipv6_address\":\"2001:db8::7\",\"since\":1000000000}]}",
                "--json"))
        .isZero();

    JsonNode instance = new ObjectMapper().readTree(out.toString()).path("instances").path(0);
    assertThat(instance.path("since").asText()).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(instance.path("ipv4").asText()).isEqualTo("10.255.3.7");
    assertThat(instance.path("ipv6").asText()).isEqualTo("2001:db8::7");
  }

  @Test
  void json_has_no_ipv6_where_there_is_none() throws IOException {
    assertThat(instances(STATS.formatted(""), "--json")).isZero();
    assertThat(out.toString()).doesNotContainIgnoringCase("ipv6");
  }

  @Test
  void what_is_wrong_is_told_in_words() throws IOException {
    assertThat(instances("{\"resources\":[{\"state\":\"R\",\"index\":-1}]}")).isEqualTo(1);
    assertThat(err.toString()).contains("/resources/0/index: -1").doesNotContain("\tat ");
  }
}
