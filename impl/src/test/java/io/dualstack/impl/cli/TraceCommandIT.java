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
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Packets that are really sent through a lab, as it should be and broken by hand. */
class TraceCommandIT {
  private static final Path NAMESPACES = Path.of("/run/netns");

  private final String name = "tr" + ProcessHandle.current().pid() % 1_000_000;
  private final StringWriter printed = new StringWriter();
  private final StringWriter refused = new StringWriter();

  @AfterEach
  void leave_nothing() throws IOException {
    List<String> namespaces = namespaces();
    List<String> tables = namespaces.stream().map(each -> nft(each, "list", "tables")).toList();
    assertThat(run("lab", "down")).isZero();
    assertThat(namespaces).isNotEmpty();
    assertThat(tables).noneMatch(each -> each.contains("dualstack_trace"));
    assertThat(namespaces()).isEmpty();
  }

  @Test
  void nftables_does_what_configuration_says_and_what_does_not_is_found() throws IOException {
    assertThat(run("lab", "up")).as(refused.toString()).isZero();
    // A run that was killed leaves its table behind, though not one that refuses.
    nft(host("backend-1"), "add table inet dualstack_trace");
    nft(
        host("backend-1"),
        "add chain inet dualstack_trace came { type filter hook prerouting priority -500; }");
    nft(host("backend-1"), "add rule inet dualstack_trace came tcp dport 8080 drop");

    assertAgrees("frontend/0", "backend/1", "--tcp", "8080", "-4");
    assertThat(decisions())
        .contains(
            "diego_cell/0 tunnel VXLAN to 10.0.16.5 | VXLAN to 10.0.16.5",
            "fabric bridge from vm2 to vm3, in VXLAN's packet | from vm2 to vm3",
            "frontend/0 answer connected | connected")
        .anyMatch(
            line ->
                line.matches(
                    "diego_cell/1 address in by silk-vtep from \\S+, mark 0x1"
                        + " \\| in by silk-vtep from \\S+, mark 0x1"))
        .anyMatch(
            line ->
                line.matches(
                    "diego_cell/1 rule passes: src:frontend_dst:backend"
                        + " \\| passes by dualstack_cell policies_\\w{6}….*"));
    assertAgrees("frontend/0", "backend/1", "--tcp", "8080");
    assertThat(decisions())
        .anyMatch(
            line ->
                line.matches(
                    "diego_cell/0 rule rejected: what no security group lets through"
                        + " \\| rejected by dualstack_cell egress6_\\w{6}…: reject"))
        .endsWith("frontend/0 answer connection refused | connection refused");
    assertAgrees("frontend/0", "outside", "--tcp", "80", "-4");
    assertThat(decisions())
        .contains("diego_cell/0 source hidden behind 10.0.16.4 | hidden behind 10.0.16.4");
    assertAgrees("router/0", "10.0.16.4", "--tcp", "61001");
    assertThat(decisions()).anyMatch(line -> line.startsWith("diego_cell/0 destination to 10.255"));
    assertAgrees("outside", "frontend/0", "--udp", "8080");
    assertAgrees("router/0", "control/0", "--icmp");

    String own = ip("frontend-0", "-6", "route", "show", "default").strip();
    ip("frontend-0", "-6", "route", "delete", "default");
    assertParts("frontend/0", "route", "frontend/0", "outside", "--tcp", "80");
    ip("frontend-0", "-6", "route", "add", own);

    String neighbor = ip("frontend-0", "-6", "neighbor", "show", "to", "fe80::1");
    ip("frontend-0", "-6", "neighbor", "delete", "fe80::1", "dev", "eth0");
    assertParts("frontend/0", "neighbor", "frontend/0", "outside", "--udp", "80");
    String hardware = neighbor.split(" ")[4];
    ip("frontend-0", "-6", "neighbor", "replace", "fe80::1", "lladdr", hardware, "dev", "eth0");

    String prefix = "2001:db8:4e04:d139:1::/80";
    String control = "2001:db8:4e04:d139::2";
    ip("underlay", "-6", "route", "replace", prefix, "via", control, "dev", "fabric");
    assertParts("fabric", "route", "outside", "frontend/0", "--udp", "8080");
    assertThat(decisions())
        .contains(
            "fabric route via 2001:db8:4e04:d139::4 dev fabric | via " + control + " dev fabric",
            "control/0 address does not come here | in by eth0 from 2001:db8:ffff::10");

    tool(
        "ip",
        "netns",
        "exec",
        host("vm-diego-cell-0"),
        "bridge",
        "fdb",
        "flush",
        "dev",
        "silk-vtep");
    assertParts("diego_cell/0", "tunnel", "frontend/0", "backend/1", "--udp", "8080", "-4");

    nft(host("vm-diego-cell-1"), "flush", "chain", "inet", "dualstack_cell", "forward");
    assertParts("diego_cell/1", "rule", "outside", "frontend/1", "--tcp", "8080");
    assertThat(decisions())
        .contains(
            "diego_cell/1 rule rejected: what nobody lets to the container"
                + " | passes: no rule decides",
            "outside answer connection refused | connected");
    assertParts("diego_cell/1", "rule", "router/0", "frontend/1", "--tcp", "8080");
  }

  @Test
  void iptables_does_what_configuration_says_and_what_does_not_is_found() throws IOException {
    assertThat(run("lab", "up", "--backend", "iptables")).as(refused.toString()).isZero();

    assertAgrees("frontend/0", "backend/1", "--tcp", "8080", "-4");
    assertThat(decisions())
        .anyMatch(
            line ->
                line.matches(
                    "diego_cell/1 rule passes: src:frontend_dst:backend"
                        + " \\| passes by filter vpa--\\d+: .* tcp dport 8080 .* accept"));
    assertAgrees("frontend/0", "outside", "--tcp", "80");
    assertAgrees("worker/0", "outside", "--udp", "53");

    String cell = host("vm-diego-cell-0");
    tool(
        "ip netns exec %s ip6tables -I FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset"
            .formatted(cell)
            .split(" "));
    assertParts("diego_cell/0", "rule", "frontend/0", "outside", "--tcp", "80");
    assertThat(decisions())
        .anyMatch(line -> line.contains("| rejected by filter FORWARD: tcp dport 80 reject"));
    tool("ip", "netns", "exec", cell, "ip6tables", "-F");
    assertParts("diego_cell/0", "rule", "frontend/0", "outside", "--tcp", "80");
    assertThat(decisions())
        .anyMatch(line -> line.contains("diego_cell/0 rule passes: security group public_networks"))
        .anyMatch(line -> line.endsWith("| passes: no rule decides"));
  }

  private void assertAgrees(String from, String to, String... options) throws IOException {
    assertThat(trace(from, to, options)).as(printed.toString()).isZero();
    assertThat(journal().path("agrees").booleanValue()).isTrue();
    assertThat(journal().has("parts_at")).isFalse();
  }

  private void assertParts(String hop, String decision, String from, String to, String... options)
      throws IOException {
    assertThat(trace(from, to, options)).as(printed.toString()).isEqualTo(1);
    assertThat(journal().path("parts_at").path("hop").textValue())
        .as(printed.toString())
        .isEqualTo(hop);
    assertThat(journal().path("parts_at").path("decision").textValue()).isEqualTo(decision);
  }

  private int trace(String from, String to, String... options) {
    List<String> arguments = new ArrayList<>(List.of("trace", "--json", "--name", name));
    arguments.addAll(List.of("--from", from, "--to", to));
    arguments.addAll(List.of(options));
    return execute(arguments);
  }

  private JsonNode journal() throws IOException {
    return new ObjectMapper().readTree(printed.toString());
  }

  /** A line for each: hop, decision, configuration and kernel. */
  private List<String> decisions() throws IOException {
    List<String> lines = new ArrayList<>();
    for (JsonNode hop : journal().path("hops")) {
      for (JsonNode each : hop.path("decisions")) {
        lines.add(
            "%s %s %s | %s"
                .formatted(
                    hop.path("hop").textValue(),
                    each.path("decision").textValue(),
                    each.path("configuration").textValue(),
                    each.path("kernel").textValue()));
      }
    }
    return lines;
  }

  private String host(String part) {
    return "dslab-" + name + "-" + part;
  }

  private String ip(String part, String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", host(part)));
    // What was listed is told again as it was.
    Stream.of(words).flatMap(word -> Stream.of(word.split(" "))).forEach(command::add);
    return tool(command.toArray(String[]::new));
  }

  private static String nft(String namespace, String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "nft"));
    command.addAll(List.of(words));
    return tool(command.toArray(String[]::new));
  }

  private static String tool(String... command) {
    return Tool.run(Namespace.own(), List.of(command), "");
  }

  private List<String> namespaces() throws IOException {
    try (Stream<Path> files = Files.exists(NAMESPACES) ? Files.list(NAMESPACES) : Stream.of()) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith(host("")))
          .toList();
    }
  }

  private int run(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--name", name));
    return execute(arguments);
  }

  private int execute(List<String> arguments) {
    printed.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed));
    line.setErr(new PrintWriter(refused));
    return line.execute(arguments.toArray(String[]::new));
  }
}
