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

/** Questions about security groups as an operator asks them. */
class FirewallCommandTest {
  private static final String WEB =
      "[{\"protocol\":\"tcp\",\"destination\":\"192.0.2.0/24\",\"ports\":\"80,443\",\"log\":true}]";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private String file(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json).toString();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void explain_names_the_rule_that_lets_a_packet_through() throws IOException {
    String web = file("web.json", WEB);

    assertThat(run("firewall", "explain", web, "--to", "192.0.2.7", "--port", "443")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "packet:   tcp/443 to 192.0.2.7",
            "verdict:  accept",
            "because:  security group web, rule 0",
            "matching: tcp/80,443 to 192.0.2.0/24",
            "logged:   yes");
  }

  @Test
  void explain_shows_what_a_rejected_packet_nearly_met() throws IOException {
    String web = file("web.json", WEB);

    assertThat(run("firewall", "explain", web, "--to", "192.0.2.7", "--port", "22")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "packet:   tcp/22 to 192.0.2.7",
            "verdict:  reject",
            "because:  no rule matches it, and what no rule matches is rejected",
            "",
            "NEAR MISS                   DIFFERS IN  DESTINATION   SERVICE",
            "security group web, rule 0  service     192.0.2.0/24  tcp/80,443");

    run("firewall", "explain", web, "--to", "198.51.100.1", "--port", "80", "--json");
    assertThat(json().path("verdict").asText()).isEqualTo("reject");
    assertThat(json().at("/packet/port").asInt()).isEqualTo(80);
    assertThat(json().at("/near/0/differs_in").asText()).isEqualTo("destination");
    assertThat(json().at("/near/0/origins/0").asText()).isEqualTo("security group web, rule 0");
  }

  @Test
  void explain_knows_states_and_what_ipv6_always_lets_through() throws IOException {
    String web = file("web.json", WEB);

    run(
        "firewall",
        "explain",
        web,
        "--to",
        "198.51.100.1",
        "--port",
        "80",
        "--state",
        "established");
    assertThat(out.toString()).contains("accept").contains("known connection");

    String[] tooBig = {
      "firewall",
      "explain",
      web,
      "--to",
      "2001:db8::1",
      "--protocol",
      "icmpv6",
      "--type",
      "2",
      "--ipv6"
    };
    assertThat(run(tooBig)).isZero();
    assertThat(out.toString()).contains("accept").contains("packet too big");
  }

  @Test
  void explain_refuses_packets_that_cant_be() throws IOException {
    String web = file("web.json", WEB);

    assertThat(run("firewall", "explain", web, "--to", "2001:db8::1", "--port", "80")).isEqualTo(2);
    assertThat(err.toString()).contains("--to: 2001:db8::1: IPv6 is off; add --ipv6");
    assertThat(run("firewall", "explain", web, "--to", "192.0.2.1")).isEqualTo(2);
    assertThat(err.toString()).contains("--port: is missing; tcp needs it");
    assertThat(
            run(
                "firewall",
                "explain",
                web,
                "--to",
                "192.0.2.1",
                "--protocol",
                "icmpv6",
                "--type",
                "1"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("icmpv6: does not run over IPv4; use icmp");
    assertThat(
            run(
                "firewall",
                "explain",
                web,
                "--to",
                "192.0.2.1",
                "--protocol",
                "gre",
                "--port",
                "1"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--port: 1: gre has none");
  }

  @Test
  void refused_groups_are_told_with_their_places() throws IOException {
    String bad =
        file("bad.json", "[{\"protocol\":\"tcp\",\"destination\":\"::/0\",\"ports\":\"0\"}]");

    assertThat(run("firewall", "diff", bad, bad, "--json")).isEqualTo(1);

    JsonNode errors = new ObjectMapper().readTree(err.toString()).path("errors");
    assertThat(errors.findValuesAsText("path")).contains("/0/ports", "/0/destination");
  }

  @Test
  void diff_is_by_effect_and_not_by_text() throws IOException {
    String web = file("web.json", WEB);
    String same =
        file(
            "same.json",
            "[{\"protocol\":\"tcp\",\"destination\":\"192.0.2.128-192.0.2.255\",\"ports\":\"443,80\"},"
                + "{\"protocol\":\"tcp\",\"destination\":\"192.0.2.0/25\",\"ports\":\"80\"},"
                + "{\"protocol\":\"tcp\",\"destination\":\"192.0.2.0/25\",\"ports\":\"443\"}]");
    String other =
        file(
            "other.json",
            "[{\"protocol\":\"tcp\",\"destination\":\"192.0.2.0/24\",\"ports\":\"443-444\"}]");

    assertThat(run("firewall", "diff", web, same)).isZero();
    assertThat(out.toString().strip()).isEqualTo("No packet is treated differently.");

    assertThat(run("firewall", "diff", web, other)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "EFFECT             DESTINATION   SERVICE  FOR EXAMPLE",
            "no longer allowed  192.0.2.0/24  tcp/80   tcp/80 to 192.0.2.0",
            "allowed now        192.0.2.0/24  tcp/444  tcp/444 to 192.0.2.0");

    run("firewall", "diff", web, other, "--json", "--most", "1");
    assertThat(json().path("equal").asBoolean(true)).isFalse();
    assertThat(json().path("complete").asBoolean(true)).isFalse();
    assertThat(json().at("/differences/0/packet/port").asInt()).isEqualTo(80);
    assertThat(json().at("/differences/0/after").asText()).isEqualTo("reject");
  }

  @Test
  void parity_tells_where_ipv6_is_looser_and_where_it_is_stricter() throws IOException {
    String groups =
        file(
            "groups.json",
            "[{\"protocol\":\"udp\",\"destination\":\"0.0.0.0/0\",\"ports\":\"53\"},"
                + "{\"protocol\":\"udp\",\"destination\":\"::/0\",\"ports\":\"53\"},"
                + "{\"protocol\":\"icmp\",\"destination\":\"0.0.0.0/0\",\"type\":8,\"code\":0},"
                + "{\"protocol\":\"icmpv6\",\"destination\":\"::/0\",\"type\":128,\"code\":0}]");
    assertThat(run("firewall", "parity", groups)).isZero();
    assertThat(out.toString().strip()).isEqualTo("IPv6 is as strict as IPv4.");

    String loose =
        file(
            "loose.json",
            "[{\"protocol\":\"tcp\",\"destination\":\"10.0.0.0/8\",\"ports\":\"5432\"},"
                + "{\"protocol\":\"tcp\",\"destination\":\"2000::/3\",\"ports\":\"5432\"}]");
    assertThat(run("firewall", "parity", groups, loose)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "SCOPE     IPV6 IS   SERVICE   IPV4                            IPV6",
            "internet  looser    tcp/5432  tcp/5432 to 1.0.0.0 is refused  tcp/5432 to 2000:: passes",
            "private   stricter  tcp/5432  tcp/5432 to 10.0.0.0 passes     tcp/5432 to fc00:: is refused");

    run("firewall", "parity", groups, loose, "--json");
    assertThat(json().at("/findings/0/ipv6_is").asText()).isEqualTo("looser");
    assertThat(json().at("/findings/1/scope").asText()).isEqualTo("private");
  }

  @Test
  void firewall_alone_is_wrong_usage() {
    assertThat(run("firewall")).isEqualTo(2);
    assertThat(err.toString()).contains("explain").contains("diff").contains("parity");
  }
}
