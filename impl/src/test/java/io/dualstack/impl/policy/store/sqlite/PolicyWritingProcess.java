package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * Creates and deletes policies with several threads until it is killed. Prints a line for each
 * answer, after it was given: {@code + source}, {@code - source}; and {@code ? source} before a
 * policy is deleted.
 */
final class PolicyWritingProcess {

  private static final int THREADS = 3;

  private PolicyWritingProcess() {}

  /** The one policy of a source. */
  static NetworkPolicy policy(String source) {
    return new NetworkPolicy(
        source,
        new PolicyDestination.App(
            "to-" + source.hashCode() % 7, Protocol.TCP, PortRange.single(8080)));
  }

  /** Takes the file and a name that no other process has. */
  public static void main(String[] arguments) {
    PolicyStore store = SqlitePolicyStore.open(Path.of(arguments[0]), 2, Clock.systemUTC());
    for (int thread = 0; thread < THREADS; thread++) {
      String name = arguments[1] + "-" + thread + "-";
      new Thread(() -> work(store, name, System.out)).start();
    }
  }

  private static void work(PolicyStore store, String name, PrintStream out) {
    for (int i = 0; ; i++) {
      String source = name + i;
      store.create(List.of(policy(source)), 1);
      say(out, "+ " + source);
      if (i % 3 == 1) {
        say(out, "? " + source);
        store.delete(List.of(policy(source)));
        say(out, "- " + source);
      }
    }
  }

  /** One write per line, so that a line is whole or not there. */
  private static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }
}
