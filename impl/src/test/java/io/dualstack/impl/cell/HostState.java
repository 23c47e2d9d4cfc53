package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is in a host's network namespace, whole, for comparison: devices, addresses, routes of
 * all tables, rules, neighbors that somebody entered, queueing disciplines, the firewall in both
 * its interfaces, and every setting.
 */
record HostState(Set<String> facts) {
  private static final List<String> QUESTIONS =
      List.of(
          "ip -oneline link",
          "ip -oneline address",
          "ip route show table all",
          "ip -6 route show table all",
          "ip rule",
          "ip -6 rule",
          "ip neighbor show nud permanent",
          "ip neighbor show proxy",
          "ip -6 neighbor show proxy",
          "bridge fdb show",
          "tc qdisc show",
          "nft list ruleset",
          "iptables-save",
          "ip6tables-save");

  /**
   * What ip complains of when somebody, anywhere on the machine, is just making or removing a named
   * namespace: it looks at all of them to find the names of its neighbors'.
   */
  private static final String NAME_OF_NOBODY = "Error: Peer netns reference is invalid.";

  /** What each change of a cell's firewall turns. */
  private static final String STAMP = "(set stamp [^=]*=)[^}]*";

  /** What packets passed so far. */
  private static final String COUNTED = " packets \\d+ bytes \\d+| \\[\\d+:\\d+]";

  /** Chains of policies are named by the time. */
  private static final String NUMBERED = "(vpa--)\\d+";

  private static final int LONGEST_VALUE = 4096;

  static HostState of(LabHost host) {
    awaitLinkLocalAddresses(host);
    Set<String> facts = new TreeSet<>();
    for (String question : QUESTIONS) {
      told(host, question)
          .filter(line -> !line.equals(NAME_OF_NOBODY))
          .forEach(line -> facts.add(question + ": " + line));
    }
    facts.addAll(host.call(HostState::settings));
    return new HostState(facts);
  }

  private static Stream<String> told(LabHost host, String question) {
    String answer =
        host.run(question.split(" ")).replaceAll(COUNTED, "").replaceAll(NUMBERED, "$1");
    return switch (question) {
      case "nft list ruleset" -> elementwise(answer.replaceFirst(STAMP, "$1"));
      // Comments tell the time.
      case "iptables-save", "ip6tables-save" ->
          answer.lines().filter(line -> !line.startsWith("#"));
      default -> answer.lines();
    };
  }

  /** Elements of maps come in any order, several in a line. */
  private static Stream<String> elementwise(String ruleset) {
    return ruleset
        .lines()
        .map(line -> line.replaceFirst("elements = \\{", "").replaceFirst("[,}]$", ""))
        .flatMap(line -> Stream.of(line.split(", ")))
        .map(String::strip);
  }

  /** The kernel gives devices one, with its routes and groups, some time after they are up. */
  private static void awaitLinkLocalAddresses(LabHost host) {
    Await.until(
        "the link-local addresses of " + host,
        () ->
            host.run("ip", "-6", "address", "show", "dev", "eth0").contains("fe80:")
                && host.run("ip", "-6", "address", "show", "tentative").isBlank());
  }

  private static Set<String> settings() throws IOException {
    Set<String> settings = new TreeSet<>();
    Path root = Path.of("/proc/sys/net");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        // A number that the kernel counts.
        if (!file.endsWith("nf_conntrack_count")) {
          settings.add(root.relativize(file) + " = " + read(file));
        }
      }
    }
    return settings;
  }

  private static String read(Path file) {
    // By one call: to the second one the kernel answers nothing, however little the first took.
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST_VALUE), StandardCharsets.UTF_8).strip();
    } catch (IOException writeOnly) {
      return "";
    }
  }

  void assertSameAs(HostState before) {
    assertThat(Sets.difference(facts, before.facts)).as("what is new").isEmpty();
    assertThat(Sets.difference(before.facts, facts)).as("what is gone").isEmpty();
  }
}
