package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TraceCommandTest {
  private static final String FILES = "examples/lab/";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void without_a_kernel_there_is_the_column_of_configuration_and_the_reason() {
    assertThat(trace("frontend/0", "outside", "--tcp", "80", "-4")).as(err.toString()).isZero();

    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("HOP +DECISION +CONFIGURATION"))
        .anyMatch(line -> line.matches("diego_cell/0 +address +in by s-010255\\d+ from 10\\.\\S+"))
        .anyMatch(line -> line.matches(" +source +hidden behind 10\\.0\\.16\\.4"))
        .anyMatch(line -> line.matches("frontend/0 +answer +connected"))
        .allMatch(line -> line.length() <= 120 || line.startsWith("By configuration"))
        .contains(
            "By configuration it reaches outside. No kernel was asked: it is of files, not of a lab"
                + " that is up.");
  }

  @Test
  void programs_get_json() throws IOException {
    assertThat(trace("frontend/0", "outside", "--tcp", "25", "--json")).isZero();

    JsonNode journal = new ObjectMapper().readTree(out.toString());
    assertThat(journal.path("family").textValue()).isEqualTo("IPv6");
    assertThat(journal.path("destination").textValue()).isEqualTo("2001:db8:ffff::10");
    assertThat(journal.path("service").textValue()).isEqualTo("tcp/25");
    assertThat(journal.path("outcome").textValue()).isEqualTo("is rejected at diego_cell/0");
    assertThat(journal.path("watched").booleanValue()).isFalse();
    assertThat(journal.has("agrees")).isFalse();
    JsonNode hop = journal.path("hops").path(1);
    assertThat(hop.path("hop").textValue()).isEqualTo("diego_cell/0");
    assertThat(hop.path("namespace").textValue()).isEqualTo("vm-diego-cell-0");
    JsonNode rule = hop.path("decisions").path(3);
    assertThat(rule.path("decision").textValue()).isEqualTo("rule");
    assertThat(rule.path("configuration").textValue())
        .isEqualTo("rejected: what no security group lets through");
    assertThat(rule.has("kernel")).isFalse();
    assertThat(rule.path("agrees").isNull()).isTrue();
  }

  @Test
  void wrong_usage_is_told() {
    assertThat(trace("frontend/7", "outside", "--tcp", "80")).isEqualTo(2);
    assertThat(err.toString()).contains("--from: \"frontend/7\": is none of frontend/0");
    assertThat(trace("frontend/0", "outside")).isEqualTo(2);
    assertThat(trace("frontend/0", "outside", "--tcp", "80", "--icmp")).isEqualTo(2);
    assertThat(trace("frontend/0", "outside", "--tcp", "80", "-4", "-6")).isEqualTo(2);
    assertThat(trace("frontend/0", "outside", "--tcp", "65536")).isEqualTo(2);
    assertThat(err.toString()).contains("65536");
    assertThat(trace("frontend/0", "192.0.2.1", "--tcp", "80", "-6")).isEqualTo(2);
    assertThat(err.toString()).contains("--to: 192.0.2.1: has no address of IPv6; use -4");
  }

  private int trace(String from, String to, String... options) {
    List<String> arguments = new ArrayList<>(List.of("trace", "--from", from, "--to", to));
    arguments.addAll(List.of("--cloud-config", FILES + "cloud-config.yml"));
    arguments.addAll(List.of("--manifest", FILES + "manifest.yml"));
    arguments.addAll(List.of("--apps", FILES + "apps.json"));
    arguments.addAll(List.of(options));
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments.toArray(String[]::new));
  }
}
