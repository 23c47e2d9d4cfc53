package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.Dualstack;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.firewall.Service;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.Listener;
import io.dualstack.testkit.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code firewall apply} on a real kernel. */
@ExtendWith(LabExtension.class)
class FirewallApplyIT {
  @TempDir private Path folder;
  private CellFiles files;
  private LabHost cell;
  private Namespace host;
  private final Dualstack dualstack = Dualstack.builder().build();

  @BeforeEach
  void a_cell(Lab lab) throws IOException {
    files = new CellFiles(folder);
    cell = lab.container("cell");
    host = Namespace.open(cell.namespace());
  }

  @AfterEach
  void close() {
    host.close();
    dualstack.close();
  }

  private String apply(String backend, String... options) {
    List<String> command = files.command("apply", options);
    command.addAll(List.of("--backend", backend));
    int exit = host.call(() -> files.run(command));
    assertThat(exit).as(files.err.toString()).isZero();
    return files.out.toString();
  }

  /** What is in force, but for counters and in whatever order. */
  private String inForce() {
    String iptables =
        (cell.run("iptables-save") + cell.run("ip6tables-save"))
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst(" \\[\\d+:\\d+\\]$", ""))
            // Chains are listed as they were made.
            .sorted()
            .collect(Collectors.joining("\n"));
    return iptables + nftables();
  }

  private String nftables() {
    return cell.run("nft", "list", "tables").contains("dualstack_cell")
        ? cell.run("nft", "-s", "list", "table", "inet", "dualstack_cell")
        : "";
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables"})
  void once_and_twice_are_the_same_and_who_is_not_told_of_is_gone(String backend)
      throws IOException {
    String words = apply(backend, "--ipv6");
    String first = inForce();
    assertThat(words.strip())
        .isEqualTo(
            "firewall: 2 containers and 1 policies in force by %s, IPv6 too".formatted(backend));

    apply(backend, "--ipv6");
    assertThat(inForce()).isEqualTo(first).contains("10.255.1.3").contains("2001:db8:c:1::3");

    files.containers(true, CellFiles.WEB);
    apply(backend, "--ipv6", "--json");
    assertThat(inForce()).contains("10.255.1.2").doesNotContain("10.255.1.3");
    assertThat(new ObjectMapper().readTree(files.out.toString()).path("containers").asInt())
        .isOne();

    files.containers(true, CellFiles.WEB, CellFiles.TASK);
    apply(backend, "--ipv6");
    assertThat(inForce()).isEqualTo(first);
  }

  @Test
  void what_is_not_a_container_s_stays() {
    cell.run("iptables", "-A", "FORWARD", "-i", "lo", "-j", "ACCEPT");
    cell.run("nft", "add table inet mine");

    apply("iptables", "--ipv6");
    apply("nftables", "--ipv6");

    assertThat(inForce()).contains("-A FORWARD -i lo -j ACCEPT");
    assertThat(cell.run("nft", "list", "tables")).contains("table inet mine");
  }

  @Test
  void nothing_has_changed_where_files_are_refused() throws IOException {
    apply("iptables", "--ipv6");
    String before = inForce();
    files.write("containers.json", "{\"a\": {}}");

    assertThat(host.call(() -> files.run(files.command("apply", "--ipv6")))).isEqualTo(1);
    assertThat(inForce()).isEqualTo(before);
  }

  /** Gives the kernel by hand what compile prints. */
  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables"})
  void what_compile_prints_is_what_apply_puts_in_force(String backend, Lab lab) throws IOException {
    apply(backend, "--ipv6");
    String applied = inForce();
    cell = lab.container("other");
    List<String> compile = files.command("compile", "--ipv6", "--json");
    compile.addAll(List.of("--backend", backend));
    assertThat(files.run(compile)).isZero();

    try (Namespace other = Namespace.open(cell.namespace())) {
      for (JsonNode input : new ObjectMapper().readTree(files.out.toString()).path("inputs")) {
        List<String> command = new ArrayList<>();
        input.path("command").forEach(part -> command.add(part.asText()));
        assertThat(Tool.run(other, command, input.path("input").asText())).isEmpty();
      }
    }

    assertThat(inForce()).isEqualTo(applied);
  }

  /** The programs are replaced by such that keep what they are given, byte for byte. */
  @Test
  void iptables_is_given_what_compile_prints_byte_for_byte() throws IOException {
    assertThat(files.run(files.command("compile", "--ipv6"))).isZero();
    for (String program : List.of("iptables-restore", "ip6tables-restore")) {
      Path kept = folder.resolve("bin").resolve(program);
      Files.createDirectories(folder.resolve("bin"));
      Files.writeString(
          kept,
          """
          #!/bin/sh
          [ "$*" != -V ] || exec echo "%1$s v1.8.9 (legacy)"
          { echo "# %1$s $*"; cat; } >> %2$s
          """
              .formatted(program, folder.resolve("given")));
      Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "PATH=%s:%s".formatted(folder.resolve("bin"), System.getenv("PATH")),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(files.command("apply", "--ipv6"));

    cell.run(command.toArray(String[]::new));

    assertThat(folder.resolve("given")).hasContent(files.out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables"})
  void packets_are_told_apart(String backend, Lab lab) throws IOException {
    LabHost gateway = lab.host("gateway");
    LabHost world = lab.host("world");
    LabHost web = lab.container("web");
    dualstack
        .cell(
            CellConfig.of(
                    new LeasedNetworks(
                        IpPrefix.parse("10.255.1.0/24"), 1450, IpPrefix.parse("2001:db8:c:1::/80")),
                    folder.resolve("cell"))
                .inNamespace(gateway.namespace()))
        .network()
        .attach(Container.of(web.name(), web.namespace()));
    world.ip(
        "address add 198.51.100.7/32 dev lo",
        "address add 2001:db8:5::7/128 dev lo nodad",
        "route add 10.255.1.0/24 via " + gateway.address(IpFamily.IPV4),
        "route add 2001:db8:c:1::/80 via " + gateway.address(IpFamily.IPV6));
    gateway.ip(
        "route add 198.51.100.0/24 via " + world.address(IpFamily.IPV4),
        "route add 2001:db8:5::/48 via " + world.address(IpFamily.IPV6));
    host.close();
    host = Namespace.open(gateway.namespace());
    cell = gateway;

    for (String to : List.of("198.51.100.7", "2001:db8:5::7")) {
      assertThat(isReached(web, world, IpAddress.parse(to))).as(to).isTrue();
    }

    apply(backend, "--ipv6");

    IpAddress inside = IpAddress.parse("2001:db8:c:1::2");
    try (Listener served = web.listen(inside, port(9000))) {
      for (String to : List.of("198.51.100.7", "2001:db8:5::7")) {
        IpAddress address = IpAddress.parse(to);
        try (Listener allowed = world.listen(address, port(443));
            Listener other = world.listen(address, port(444))) {
          assertThat(web.attempt(address, port(443)).outcome()).isEqualTo(Outcome.ANSWERED);
          assertThat(web.attempt(address, port(444)).outcome()).isEqualTo(Outcome.REFUSED);
          assertThat(allowed.arrived()).isOne();
          assertThat(other.arrived()).isZero();
        }
      }
      assertThat(world.attempt(inside, port(9000)).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(served.arrived()).isZero();
    }
  }

  /** Without rules all is; neighbors may have to find each other first. */
  private static boolean isReached(LabHost from, LabHost to, IpAddress address) {
    try (Listener listener = to.listen(address, port(444))) {
      for (int i = 0; i < 5; i++) {
        if (from.attempt(address, port(444)).outcome() == Outcome.ANSWERED) {
          return listener.arrived() > 0;
        }
      }
      return false;
    }
  }

  private static Service port(int number) {
    return Service.port(Protocol.TCP, number);
  }
}
