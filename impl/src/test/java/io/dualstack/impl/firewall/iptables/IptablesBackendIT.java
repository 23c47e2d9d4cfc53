package io.dualstack.impl.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the tables, whatever was there before. */
@ExtendWith(LabExtension.class)
class IptablesBackendIT {
  private static final CellFirewall CELL = CellWorld.CELL;
  private static final List<String> V4 = List.of("iptables-restore", "--noflush");
  private static final List<String> V6 = List.of("ip6tables-restore", "--noflush");

  @TempDir Path directory;
  private Namespace host;

  @BeforeEach
  void a_host(Lab lab) {
    host = Namespace.open(lab.container("host").namespace());
  }

  @AfterEach
  void close() {
    host.close();
  }

  private Path lockFile() {
    return directory.resolve("iptables.lock");
  }

  private IptablesBackend backend(CellFirewall cell) {
    return new IptablesBackend(new CellModel(cell), host, lockFile());
  }

  private static ContainerFirewall container(ContainerEndpoint endpoint) {
    return CellWorld.container(
        endpoint,
        List.of(
            new SecurityGroup(
                "all",
                List.of(new SecurityGroupRule(new Traffic.All(), IpSet.all(), true, "")),
                Set.of())));
  }

  private FamilyTables tables(IpFamily family) {
    return new FamilyTables(new IptablesTool(host, ""), new CellModel(CELL), family);
  }

  private void restore(List<String> command, String text) {
    String output = Tool.run(host, command, text);
    assert output.isEmpty();
  }

  /** What there is, without times; policies are told by their being there alone. */
  private String saved() {
    return saved("iptables-save") + saved("ip6tables-save");
  }

  private String saved(String program) {
    return Tool.run(host, List.of(program), "")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll("vpa--\\d+", "vpa--N"))
        .collect(Collectors.joining("\n"));
  }

  // IPv6 only where it is

  @Test
  void without_ipv6_nothing_is_written_by_it() {
    IptablesBackend backend = backend(CELL.withIpv6(null));

    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    backend.put(container(CellWorld.B));
    backend.egress(container(CellWorld.B));
    backend.remove(CellWorld.B);

    assertThat(saved("ip6tables-save")).isEmpty();
    assertThat(saved("iptables-save")).contains("netin--aaaaaaaa");
  }

  @Test
  void a_container_without_ipv6_has_nothing_by_it() {
    backend(CELL).install(List.of(), PolicyRules.NONE);
    String before = saved("ip6tables-save");
    ContainerEndpoint old =
        new ContainerEndpoint("old", CellWorld.A.device(), CellWorld.A.ipv4(), null);

    backend(CELL).put(container(old));

    assertThat(saved("ip6tables-save")).isEqualTo(before);
    assertThat(saved("iptables-save")).contains("input--old");
  }

  // Whatever was there before

  @Test
  void removing_leaves_what_was_before_putting() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    String before = saved();

    backend.put(container(CellWorld.B));
    backend.egress(container(CellWorld.B).reaching(List.of()));
    backend.remove(CellWorld.B);
    backend.remove(CellWorld.B);

    assertThat(saved()).isEqualTo(before);
  }

  @Test
  void a_run_that_died_between_any_two_steps_is_made_whole_by_the_next() {
    backend(CELL).install(List.of(), PolicyRules.NONE);
    backend(CELL).put(container(CellWorld.A));
    String whole = saved();
    String ipv4 = tables(IpFamily.IPV4).putting(container(CellWorld.A)).toString();
    String ipv6 = tables(IpFamily.IPV6).putting(container(CellWorld.A)).toString();
    List<String> steps = List.of(ipv4.split("(?<=COMMIT\n)"));

    for (int done = 0; done <= steps.size(); done++) {
      backend(CELL).remove(CellWorld.A);
      for (String step : steps.subList(0, done)) {
        restore(V4, step);
      }
      backend(CELL).put(container(CellWorld.A));

      assertThat(sorted(saved())).isEqualTo(sorted(whole));
    }
    backend(CELL).remove(CellWorld.A);
    restore(V6, ipv6);
    backend(CELL).put(container(CellWorld.A));
    assertThat(sorted(saved())).isEqualTo(sorted(whole));
    assertThat(steps).hasSize(3);
  }

  private static List<String> sorted(String saved) {
    return saved.lines().sorted().toList();
  }

  @Test
  void installing_removes_what_is_left_of_others_and_leaves_what_is_not_a_container_s() {
    restore(V4, "*filter\n-N mine\n-A FORWARD -i lo -j mine\n-A mine -j ACCEPT\nCOMMIT\n");
    backend(CELL).install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    String wanted = saved();
    backend(CELL).put(container(CellWorld.B));
    restore(
        V4,
        "*filter\n-N casg-gone\n-N vpa--1600000000000000\n-I FORWARD 1 -j vpa--1600000000000000\n"
            + "-N netout--gone\n-A FORWARD -s 10.9.9.9 -j netout--gone\nCOMMIT\n");

    backend(CELL).install(List.of(container(CellWorld.A)), PolicyRules.NONE);

    assertThat(sorted(saved())).isEqualTo(sorted(wanted));
    assertThat(wanted).contains("-A FORWARD -i lo -j mine");
  }

  @Test
  void a_flushed_table_is_filled_again_by_the_next_put() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    String whole = saved("ip6tables-save");
    Tool.run(host, List.of("ip6tables-restore"), "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n");

    backend.put(container(CellWorld.A));

    assertThat(sorted(saved("ip6tables-save"))).isEqualTo(sorted(whole));
  }

  // Somebody takes rules away

  private static final Predicate<String> ALL = handle -> true;
  private static final PolicyRules POLICIES =
      new PolicyRules(
          List.of(),
          List.of(new PolicyRules.Source("app", CellWorld.A.ipv4(), 1)),
          List.of(),
          false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables -F",
        "ip6tables -F",
        "iptables -t nat -F",
        "iptables -D FORWARD 1",
        "ip6tables -D FORWARD 2",
        "ip6tables -F closed--forward",
        "iptables -F asg-aaaaaaaa111142228333",
        "iptables -A input--aaaaaaaa-1111-4222-83 -j ACCEPT",
        "iptables -X",
      })
  void what_somebody_took_away_or_added_is_as_it_was_after_the_next_round(String deed) {
    IptablesBackend backend = backend(CELL);
    backend.prepare();
    backend.put(container(CellWorld.A));
    backend.put(container(CellWorld.B));
    backend.policies(POLICIES);
    List<String> whole = sorted(saved());
    assertThat(backend.restore(ALL)).isFalse();

    if (deed.equals("iptables -X")) {
      // Chains can be removed when nothing is in them.
      Tool.run(host, List.of("iptables", "-F"), "");
    }
    Tool.run(host, List.of(deed.split(" ")), "");

    assertThat(backend.restore(ALL)).isTrue();
    assertThat(sorted(saved())).isEqualTo(whole);
    assertThat(backend.restore(ALL)).isFalse();
  }

  @Test
  void an_agent_restores_its_own_and_after_a_flush_all_that_it_knows_but_no_translation() {
    IptablesBackend plugin = backend(CELL);
    plugin.prepare();
    plugin.put(container(CellWorld.A));
    IptablesBackend agent = backend(CELL);
    agent.policies(POLICIES);
    agent.egress(container(CellWorld.A).reaching(List.of()));
    List<String> whole = sorted(saved());

    assertThat(agent.restore(ALL)).isFalse();
    Tool.run(host, List.of("ip6tables", "-F", "asg-aaaaaaaa111142228333"), "");
    assertThat(agent.restore(ALL)).isTrue();
    assertThat(sorted(saved())).isEqualTo(whole);

    Tool.run(host, List.of("iptables", "-F"), "");
    assertThat(agent.restore(ALL)).isTrue();
    assertThat(sorted(saved())).isEqualTo(whole);

    plugin.remove(CellWorld.A);
    String without = saved();
    assertThat(agent.restore(ALL)).as("its rules are not the agent's").isFalse();
    assertThat(saved()).isEqualTo(without);
  }

  // Steps of other agents

  @Test
  void a_candidate_that_an_agent_left_behind_is_replaced() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    String whole = saved();
    ChainNames names = ChainNames.of(CellWorld.A.handle());
    // As it is when the agent dies after it removed the old chain, and before it renames the new.
    restore(
        V4,
        """
        *filter
        -N %1$s
        -A %1$s -j ACCEPT
        -F %2$s
        -A %2$s -j %1$s
        -F %3$s
        -X %3$s
        COMMIT
        """
            .formatted(names.candidate(), names.netout(), names.groups()));

    backend.egress(container(CellWorld.A));

    assertThat(sorted(saved())).isEqualTo(sorted(whole));

    // And before that, with both.
    restore(
        V4,
        "*filter\n-N %1$s\n-I %2$s 1 -j %1$s\nCOMMIT\n"
            .formatted(names.candidate(), names.netout()));

    backend.egress(container(CellWorld.A));

    assertThat(sorted(saved())).isEqualTo(sorted(whole));
  }

  @Test
  void policies_that_can_not_be_removed_are_out_of_force_all_the_same() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(), PolicyRules.NONE);
    String old = generation();
    // Somebody's rule holds the old chain.
    restore(V4, "*filter\n-N mine\n-A mine -j %s\nCOMMIT\n".formatted(old));
    PolicyRules young =
        new PolicyRules(
            List.of(),
            List.of(new PolicyRules.Source("app", CellWorld.A.ipv4(), 1)),
            List.of(),
            false);

    assertThatThrownBy(() -> backend.policies(young))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("remove " + old);

    assertThat(generation()).isNotEqualTo(old);
    assertThat(saved("iptables-save")).contains("--set-xmark 0x1/0xffffffff");

    restore(V4, "*filter\n-F mine\nCOMMIT\n");
    backend.policies(PolicyRules.NONE);
    assertThat(saved("iptables-save")).doesNotContain("set-xmark");
  }

  @Test
  void generations_of_policies_follow_one_another_without_leftovers() {
    IptablesBackend backend = backend(CELL);
    restore(V4, "*filter\n-N vpa--9999999999999998\n-A FORWARD -j vpa--9999999999999998\nCOMMIT\n");

    backend.policies(PolicyRules.NONE);

    assertThat(generation()).isEqualTo("vpa--9999999999999999");
    assertThat(saved("iptables-save").lines().filter(line -> line.startsWith(":vpa"))).hasSize(1);
  }

  /** The one chain of policies that is in force. */
  private String generation() {
    List<String> jumps =
        Tool.run(host, List.of("iptables", "-S", "FORWARD"), "")
            .lines()
            .filter(line -> line.contains("vpa--"))
            .toList();
    assertThat(jumps).hasSize(1);
    return SavedTables.target(jumps.get(0));
  }

  // Failures

  @Test
  void a_container_whose_ipv6_step_fails_is_shut() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(), PolicyRules.NONE);
    ChainNames names = ChainNames.of(CellWorld.A.handle());
    restore(
        V6,
        "*filter\n-N %1$s\n-A %1$s -d 2001:db8::99 -j ACCEPT\nCOMMIT\n".formatted(names.overlay()));

    assertThatThrownBy(() -> backend.put(container(CellWorld.A)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is another container's");

    assertThat(saved("iptables-save"))
        .contains("-A %s -d 10.255.1.2/32 -j REJECT".formatted(names.overlay()));
    assertThat(saved("ip6tables-save"))
        .contains("-A FORWARD -j closed--forward")
        .contains("-A closed--forward -d 2001:db8:c:1::/80 -j REJECT")
        .contains("-A closed--forward -s 2001:db8:c:1::/80 -j REJECT")
        .contains("-A closed--input -s 2001:db8:c:1::/80 -j REJECT")
        .doesNotContain("-j " + names.input());
  }

  @Test
  void handles_that_begin_alike_are_refused_and_nothing_is_changed() {
    IptablesBackend backend = backend(CELL);
    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    String before = saved();
    ContainerEndpoint alike =
        new ContainerEndpoint(
            CellWorld.A.handle() + "-b",
            CellWorld.B.device(),
            CellWorld.B.ipv4(),
            CellWorld.B.ipv6());

    assertThatThrownBy(() -> backend.put(container(alike)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlay--aaaaaaaa-1111-4222- is another container's");
    assertThatThrownBy(
            () ->
                backend.install(
                    List.of(container(CellWorld.A), container(alike)), PolicyRules.NONE))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(saved()).isEqualTo(before);
  }

  @Test
  void a_refused_line_is_in_the_message() {
    Restore change = new Restore().line(TableName.FILTER, "-A nowhere -j ACCEPT");

    assertThatThrownBy(() -> new IptablesTool(host, "").restore(IpFamily.IPV4, change))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("iptables-restore --noflush --wait 5")
        .hasMessageContaining(": -A nowhere -j ACCEPT");
  }

  // The lock

  @Test
  void waits_for_the_lock_that_others_take() throws IOException {
    IptablesBackend backend = backend(CELL);
    CompletableFuture<Void> done;
    String before = saved();
    Files.createFile(lockFile());
    try (Flock other = Flock.lock(lockFile())) {
      assertThat(other).isNotNull();
      done =
          CompletableFuture.runAsync(
              () -> backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE));
      Object inode = Files.getAttribute(lockFile(), "unix:ino");
      while (Files.readAllLines(Path.of("/proc/locks")).stream()
          .noneMatch(line -> line.contains("-> FLOCK") && line.contains(":" + inode + " "))) {
        assertThat(done).isNotDone();
      }

      assertThat(saved()).isEqualTo(before);
    }
    done.join();

    assertThat(saved()).contains("netout--aaaaaaaa");
  }

  // The other iptables

  @Test
  void legacy_tables_are_made_the_same() {
    IptablesBackend backend =
        new IptablesBackend(
            new CellModel(CELL), host, lockFile(), "-legacy", java.time.Clock.systemUTC());

    backend.install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    backend.put(container(CellWorld.B));
    backend.egress(container(CellWorld.B));
    backend.policies(PolicyRules.NONE);
    backend.remove(CellWorld.B);
    backend.put(container(CellWorld.B));
    String legacy = saved("iptables-legacy-save") + saved("ip6tables-legacy-save");
    backend(CELL).install(List.of(container(CellWorld.A)), PolicyRules.NONE);
    backend(CELL).put(container(CellWorld.B));

    assertThat(rules(legacy)).isEqualTo(rules(saved()));
  }

  /** Without the order of chains and built-in ones, which the two list differently. */
  private static Set<String> rules(String saved) {
    return saved.lines().filter(line -> line.startsWith("-A")).collect(Collectors.toSet());
  }
}
