package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
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

  static HostState of(LabHost host) {
    awaitLinkLocalAddresses(host);
    Set<String> facts = new TreeSet<>();
    for (String question : QUESTIONS) {
      host.run(question.split(" "))
          .lines()
          .filter(line -> !line.equals(NAME_OF_NOBODY))
          .forEach(line -> facts.add(question + ": " + line));
    }
    facts.addAll(host.call(HostState::settings));
    return new HostState(facts);
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
    try {
      return Files.readString(file).strip();
    } catch (IOException writeOnly) {
      return "";
    }
  }

  void assertSameAs(HostState before) {
    assertThat(Sets.difference(facts, before.facts)).as("what is new").isEmpty();
    assertThat(Sets.difference(before.facts, facts)).as("what is gone").isEmpty();
  }
}
