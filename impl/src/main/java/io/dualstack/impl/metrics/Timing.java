package io.dualstack.impl.metrics;

import io.dualstack.AllocationConflictException;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Meters;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How long a call takes, and how it ends. Without meters not even the time is read. */
public final class Timing {
  /** Of what no meter is told. */
  public static final Timing NONE = new Timing(Meters.NONE, "", Map.of());

  /** The outcome of what went as it should. */
  public static final String OK = "ok";

  private static final String OUTCOME = "outcome";

  private final Meters meters;
  private final String name;
  private final Map<String, String> labels;
  private final long start;

  private Timing(Meters meters, String name, Map<String, String> labels) {
    this.meters = meters;
    this.name = name;
    this.labels = labels;
    this.start = meters == Meters.NONE ? 0 : System.nanoTime();
  }

  /** Starts now. */
  public static Timing start(Meters meters, String name) {
    return start(meters, name, Map.of());
  }

  /** Starts now. */
  public static Timing start(Meters meters, String name, Map<String, String> labels) {
    return meters == Meters.NONE ? NONE : new Timing(meters, name, labels);
  }

  /** Times a call with its outcome. */
  public static <T> T of(Meters meters, String name, Map<String, String> labels, Supplier<T> call) {
    Timing timing = start(meters, name, labels);
    T answer;
    try {
      answer = call.get();
    } catch (RuntimeException | Error e) {
      timing.failed(e);
      throw e;
    }
    timing.ended(OK);
    return answer;
  }

  /** Ends it. */
  public void ended() {
    if (this != NONE) {
      meters.time(name, labels, elapsed());
    }
  }

  /** Ends it in a way that is one of few. */
  public void ended(String outcome) {
    if (this != NONE) {
      Map<String, String> all = new HashMap<>(labels);
      all.put(OUTCOME, outcome);
      meters.time(name, Map.copyOf(all), elapsed());
    }
  }

  /** Ends it by a failure. */
  public void failed(Throwable failure) {
    if (this != NONE) {
      ended(outcome(failure));
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String outcome(Throwable failure) {
    if (failure instanceof PoolExhaustedException) {
      return "exhausted";
    }
    if (failure instanceof AllocationConflictException) {
      return "conflict";
    }
    if (failure instanceof InvalidConfigurationException) {
      return "invalid";
    }
    return failure instanceof StoreUnavailableException ? "unavailable" : "failed";
  }
}
