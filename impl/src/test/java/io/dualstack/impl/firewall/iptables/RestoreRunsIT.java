package io.dualstack.impl.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are in force before the program that restored them has ended. */
@ExtendWith(LabExtension.class)
class RestoreRunsIT {
  private static final List<String> V4 = List.of("iptables-restore", "--noflush");
  private static final List<String> LEGACY = List.of("iptables-legacy-restore", "--noflush");
  private static final int REPETITIONS = 100;

  /** How often a machine with much other work may be late for each time that it is not. */
  private static final int PATIENCE = 20;

  /** Far more descriptors or threads than the test's machine itself may come to need meanwhile. */
  private static final int LEAKED = REPETITIONS / 2;

  @TempDir Path directory;
  private Namespace host;
  private SeenInTables tables;
  private RestoreRuns runs;

  @BeforeEach
  void a_host(Lab lab) {
    host = Namespace.open(lab.container("host").namespace());
    tables = SeenInTables.open(host);
    runs = new RestoreRuns(host);
  }

  @AfterEach
  void close() {
    runs.letEnd();
    tables.close();
    host.close();
  }

  /** Of processes that this started and that have not ended. */
  private static long restoring() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").contains("xtables"))
        .count();
  }

  private static void awaitNobodyRestores() {
    while (restoring() > 0) {
      Thread.onSpinWait();
    }
  }

  private Map<String, Integer> settled() {
    awaitNobodyRestores();
    return tables.now();
  }

  // In force

  @Test
  void each_change_of_both_families_is_in_force_when_its_call_returns() {
    IptablesBackend backend =
        new IptablesBackend(new CellModel(CellWorld.CELL), host, directory.resolve("lock"));
    ContainerFirewall few = CellWorld.container(CellWorld.B, List.of(group(1)));
    ContainerFirewall many = few.reaching(List.of(group(40)));
    backend.install(List.of(CellWorld.container(CellWorld.A, List.of(group(1)))), PolicyRules.NONE);
    Map<String, Runnable> changes = new TreeMap<>();
    changes.put("1 put", () -> backend.put(few));
    changes.put("2 egress", () -> backend.egress(many));
    changes.put("3 policies", () -> backend.policies(PolicyRules.NONE));
    changes.put("4 remove", () -> backend.remove(CellWorld.B));
    Map<String, Map<String, Integer>> expected = new TreeMap<>();
    changes.forEach(
        (name, change) -> {
          change.run();
          expected.put(name, settled());
        });
    assertThat(Set.copyOf(expected.values())).hasSize(3);
    int early = 0;

    // Who looks late sees nothing of what is seen before the end.
    for (int repetition = 0; repetition < REPETITIONS || early < REPETITIONS / 2; repetition++) {
      assertThat(repetition).isLessThan(REPETITIONS * PATIENCE);
      for (Map.Entry<String, Runnable> change : changes.entrySet()) {
        change.getValue().run();

        assertThat(tables.now()).as(change.getKey()).isEqualTo(expected.get(change.getKey()));
      }
      early += restoring() > 0 ? 1 : 0;
    }
  }

  private static SecurityGroup group(int rules) {
    return new SecurityGroup(
        "group",
        IntStream.range(0, rules)
            .mapToObj(rule -> CellWorld.set("203.0.113.%d/32".formatted(2 * rule)))
            .map(to -> new SecurityGroupRule(new Traffic.All(), to, false, ""))
            .toList(),
        Set.of());
  }

  @Test
  void a_change_that_is_told_of_by_more_than_there_is_room_for_is_in_force() {
    int many = 20_000;
    String input = "*filter\n-N c\n%sCOMMIT\n".formatted("-A c -j ACCEPT\n".repeat(many));

    runs.run(V4, input, 1);

    assertThat(tables.now()).containsEntry("IPV4 filter c", many);
  }

  @Test
  void what_a_program_for_the_older_tables_does_is_done_at_its_end() {
    runs.run(LEGACY, "*filter\n-N c\nCOMMIT\n", 1);

    assertThat(restoring()).isZero();
    assertThat(Tool.run(host, List.of("iptables-legacy-save"), "")).contains(":c ");
  }

  @Test
  void when_the_kernel_is_told_less_than_expected_it_is_done_at_the_end() {
    runs.run(V4, "*filter\n-N c\nCOMMIT\n*nat\nCOMMIT\n", 2);

    assertThat(restoring()).isZero();
    assertThat(tables.now()).containsEntry("IPV4 filter c", 0);
  }

  // Failures

  @Test
  void a_later_table_that_is_refused_is_a_failure_though_the_first_is_in_force() {
    String input = "*filter\n-N c\nCOMMIT\n*nat\n-A nowhere -j ACCEPT\nCOMMIT\n";

    assertThatThrownBy(() -> runs.run(V4, input, 2))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("line 5");

    assertThat(tables.now()).containsEntry("IPV4 filter c", 0);
  }

  @Test
  void a_failure_of_the_program_behind_its_last_table_takes_nothing_back() {
    try {
      runs.run(V4, "*filter\n-N c\nCOMMIT\nrubbish\n", 1);
    } catch (KernelException endedBeforeItWasLookedAt) {
      assertThat(endedBeforeItWasLookedAt).hasMessageContaining("line 4");
    }

    assertThat(settled()).containsEntry("IPV4 filter c", 0);
  }

  @Test
  void changes_in_which_something_is_only_looked_at_are_told_of_by_nobody_knows_how_many() {
    Restore looking = new Restore().line(TableName.FILTER, "-C c -j ACCEPT");
    Restore both = new Restore().create(TableName.FILTER, "c");

    assertThat(looking.transactions()).isZero();
    assertThat(both.line(TableName.FILTER, "-C c -j ACCEPT").transactions()).isEqualTo(1);
    assertThat(both.create(TableName.NAT, "c").transactions()).isEqualTo(2);
    assertThat(both.line(TableName.MANGLE, "-C c -j ACCEPT").transactions()).isZero();
  }

  // Processes

  @Test
  void a_process_ends_when_it_may_and_nothing_of_it_is_left() throws Exception {
    int descriptors = 0;
    int threads = 0;
    long running = 0;

    for (int repetition = 0; repetition <= REPETITIONS; repetition++) {
      runs.run(V4, "*filter\n-N c\nCOMMIT\n", 1);
      runs.run(V4, "*filter\n-X c\nCOMMIT\n", 1);
      running = Math.max(running, restoring());
      runs.letEnd();
      awaitNobodyRestores();
      if (repetition == 0) {
        descriptors = descriptors();
        threads = Thread.activeCount();
      }
    }

    assertThat(running).isEqualTo(2);
    assertThat(descriptors()).isLessThan(descriptors + LEAKED);
    assertThat(Thread.activeCount()).isLessThan(threads + LEAKED);
    assertThat(children()).doesNotContain("Z");
  }

  private static int descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  /** The states of this process's children, as letters. */
  private static Set<String> children() {
    return ProcessHandle.current()
        .children()
        .map(child -> Path.of("/proc/" + child.pid() + "/stat"))
        .filter(Files::exists)
        .map(RestoreRunsIT::state)
        .collect(Collectors.toSet());
  }

  private static String state(Path stat) {
    try {
      return Files.readString(stat).replaceFirst("(?s).*\\) (.).*", "$1");
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void when_the_namespace_is_closed_first_the_process_ends_all_the_same() {
    runs.run(V4, "*filter\n-N c\nCOMMIT\n", 1);
    host.close();

    runs.letEnd();

    assertThat(settled()).containsEntry("IPV4 filter c", 0);
  }

  @Test
  void whoever_is_killed_in_between_leaves_the_change_and_no_process() throws Exception {
    Process process =
        new ProcessBuilder(OwnJvm.command(ChangeAndHalt.class, List.of(host.file().toString())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String restoring =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).isEqualTo(ChangeAndHalt.HALTED);
    assertThat(tables.now()).containsEntry("IPV4 filter c", 0);
    while (ProcessHandle.of(Long.parseLong(restoring)).isPresent()) {
      Thread.onSpinWait();
    }
  }

  /** A program that ends by force in the moment when its change is in force. */
  static final class ChangeAndHalt {
    static final int HALTED = 10;

    private ChangeAndHalt() {}

    public static void main(String[] args) {
      new RestoreRuns(Namespace.open(Path.of(args[0]))).run(V4, "*filter\n-N c\nCOMMIT\n", 1);
      System.out.println(ProcessHandle.current().children().findFirst().orElseThrow().pid());
      Runtime.getRuntime().halt(HALTED);
    }
  }
}
