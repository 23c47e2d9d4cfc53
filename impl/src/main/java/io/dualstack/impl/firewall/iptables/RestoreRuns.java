package io.dualstack.impl.firewall.iptables;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.RunningTool;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.impl.kernel.nftables.CommitNotices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs of iptables-restore in one namespace. A program made for nf_tables has each table in force
 * within a millisecond or two, which the kernel tells; to end, it waits for tens of milliseconds
 * until what was removed is freed, and no other can change anything meanwhile. So a run returns
 * when the kernel has told of every table, and the process is kept from ending until {@link
 * #letEnd}. Where the kernel does not tell, as with the older kind of iptables, a run returns at
 * the process's end. Not thread-safe.
 */
final class RestoreRuns {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreRuns.class);

  /** How long a process is kept from ending while it is not told to be done. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final Namespace host;

  /** Null before the first run, empty where there are none. */
  private @Nullable Optional<CommitNotices> notices;

  /** Whether a program is made for nf_tables. */
  private final Map<String, Boolean> kinds = new HashMap<>();

  private final List<RunningTool> kept = new ArrayList<>();

  RestoreRuns(Namespace host) {
    this.host = host;
  }

  /**
   * Has a program restore tables; they are in force when this returns.
   *
   * @param transactions in how many parts the kernel is told them; 0 if that is not known
   * @throws KernelException with the program's words
   */
  void run(List<String> command, String input, int transactions) {
    int toldOf = isForNfTables(command.get(0)) ? transactions : 0;
    RunningTool process = RunningTool.start(host, command, Map.of());
    CompletableFuture<Tool.Ended> end = process.ended();
    if (isInForce(process, input, toldOf, end)) {
      CompletableFuture<Void> noted = end.thenAccept(ended -> note(command, ended));
      assert noted != null;
    } else {
      process.endInput();
      String output = end.join().succeeded(command);
      assert output.isEmpty();
    }
  }

  /** Has the program do its work, and returns whether that was told, or else it must end. */
  private boolean isInForce(
      RunningTool process, String input, int transactions, CompletableFuture<Tool.Ended> end) {
    Optional<CommitNotices> told = transactions > 0 ? notices() : Optional.empty();
    if (told.isEmpty()) {
      process.tell(input);
      return false;
    }
    // Before it is told anything, and when the number can be no other's.
    told.get().start();
    try {
      process.tell(input);
      boolean isDone = told.get().await(process.number(), transactions, over(process, end));
      if (isDone) {
        kept.add(process);
      }
      return isDone;
    } finally {
      told.get().stop();
    }
  }

  private static BooleanSupplier over(RunningTool process, CompletableFuture<Tool.Ended> end) {
    long start = System.nanoTime();
    boolean[] isPatient = {true};
    return () -> {
      if (isPatient[0] && System.nanoTime() - start > PATIENCE.toNanos()) {
        isPatient[0] = false;
        process.endInput();
      }
      return end.isDone();
    };
  }

  private boolean isForNfTables(String program) {
    return kinds.computeIfAbsent(
        program,
        name -> Tool.end(host, List.of(name, "-V"), Map.of(), "").output().contains("(nf_tables)"));
  }

  private Optional<CommitNotices> notices() {
    Optional<CommitNotices> open = notices;
    if (open == null) {
      open = CommitNotices.open(host);
      open.ifPresent(each -> host.onClose(each::close));
      notices = open;
    }
    return open;
  }

  /** Lets the processes end whose work is done. */
  void letEnd() {
    kept.forEach(RunningTool::endInput);
    kept.clear();
  }

  private static void note(List<String> command, Tool.Ended ended) {
    if (ended.exitCode() != 0) {
      LOG.atWarn()
          .addKeyValue("command", command)
          .addKeyValue("exit_code", ended.exitCode())
          .addKeyValue("said", ended.errors().strip())
          .log("tables are in force, but the program failed afterwards");
    }
  }
}
