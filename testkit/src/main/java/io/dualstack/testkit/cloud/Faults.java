package io.dualstack.testkit.cloud;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which requests to a fake go wrong. Thread-safe. */
public final class Faults {
  private final Map<String, Deque<Fault>> byOperation = new HashMap<>();
  private long seen;
  private long from = Long.MAX_VALUE;
  private @Nullable Fault always;

  Faults() {}

  /**
   * Lets the next requests of an operation go wrong, one fault each; later ones work.
   *
   * @param operation the operation's name as the fake's documentation lists it
   * @param faults in order
   */
  public synchronized void next(String operation, Fault... faults) {
    byOperation.computeIfAbsent(operation, key -> new ArrayDeque<>()).addAll(Arrays.asList(faults));
  }

  /**
   * Lets every request go wrong once so many more have been received, until {@link #clear}: what a
   * test does in place of killing a process between two calls.
   *
   * @param requests how many still work; 0 for none
   * @param fault how the others go wrong
   */
  public synchronized void allAfter(int requests, Fault fault) {
    if (requests < 0) {
      throw new IllegalArgumentException("requests: " + requests + " is negative");
    }
    from = seen + requests;
    always = requireNonNull(fault, "fault");
  }

  /** Lets every request work again. */
  public synchronized void clear() {
    byOperation.clear();
    from = Long.MAX_VALUE;
    always = null;
  }

  synchronized Optional<Fault> take(String operation) {
    long number = seen++;
    if (number >= from) {
      return Optional.ofNullable(always);
    }
    Deque<Fault> waiting = byOperation.get(operation);
    return waiting == null ? Optional.empty() : Optional.ofNullable(waiting.poll());
  }
}
