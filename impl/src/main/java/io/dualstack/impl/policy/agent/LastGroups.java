package io.dualstack.impl.policy.agent;

import io.dualstack.impl.http.Answer;
import io.dualstack.impl.policy.http.CellGroups;
import io.dualstack.policy.BoundSecurityGroup;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the policy server told last about security groups, for those who ask the agent.
 * Thread-safe; nobody waits for a cycle.
 */
final class LastGroups {
  private final LongSupplier nanoTime;
  private volatile @Nullable Told told;
  private volatile String failure = "";

  private record Told(long nanos, Set<String> spaces, List<BoundSecurityGroup> groups) {}

  LastGroups(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Remembers an answer about some spaces. */
  void told(Set<String> spaces, List<BoundSecurityGroup> groups) {
    told = new Told(nanoTime.getAsLong(), Set.copyOf(spaces), List.copyOf(groups));
    failure = "";
  }

  /** Remembers that there was none. */
  void missed(String why) {
    failure = why;
  }

  /** Returns what is told to those who ask: 503 while there is nothing to tell. */
  Answer answer() {
    Told last = told;
    if (last == null) {
      String why = failure;
      return Answer.error(
          503,
          "no security groups are known yet, "
              + (why.isEmpty()
                  ? "as the policy server was not asked since the agent began; ask again"
                  : "as the policy server did not tell them since the agent began: " + why));
    }
    return Answer.ok(
        new CellGroups(
                Duration.ofNanos(nanoTime.getAsLong() - last.nanos()),
                failure,
                last.spaces(),
                last.groups())
            .write());
  }
}
