package io.dualstack.testkit.lab;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Attempts to reach a service, one after the other without a pause, each a new connection from a
 * port of its own. So a change of the network on the way meets some of them, and what it does to
 * them is counted. Thread-safe.
 */
public final class Flow implements AutoCloseable {
  private final String path;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final Thread thread;
  private boolean isEnding;

  private Flow(LabHost from, IpAddress target, Service service) {
    this.path = "%s to %s, %s".formatted(from, target, service);
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, 0L);
    }
    Attempts.Client client = Attempts.client(from, target, service);
    this.thread =
        new Thread(
            () -> {
              Object done =
                  from.call(
                      () -> {
                        while (!isEnding()) {
                          count(client.attempt().outcome());
                        }
                        return path;
                      });
              assert done.equals(path);
            },
            "lab flow " + path);
    thread.setDaemon(true);
  }

  static Flow start(LabHost from, IpAddress target, Service service) {
    Flow flow = new Flow(from, target, service);
    flow.thread.start();
    return flow;
  }

  private synchronized boolean isEnding() {
    return isEnding;
  }

  private synchronized void count(Outcome outcome) {
    long now = Objects.requireNonNull(outcomes.merge(outcome, 1L, Long::sum));
    assert now > 0;
    notifyAll();
  }

  /**
   * Returns how often each outcome came so far.
   *
   * @return a number for each outcome, which may be 0
   */
  public synchronized Map<Outcome, Long> outcomes() {
    return Map.copyOf(outcomes);
  }

  /**
   * Waits for more attempts to be over.
   *
   * @param more how many, counted from now
   * @throws InterruptedException if the thread is interrupted
   */
  public synchronized void await(long more) throws InterruptedException {
    long until = total() + more;
    while (total() < until && thread.isAlive()) {
      wait(Lab.PATIENCE.toMillis());
    }
  }

  private long total() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Asserts that there were attempts and that all came out the same.
   *
   * @param expected how
   * @throws AssertionError telling how often they came out otherwise
   */
  public synchronized void assertAll(Outcome expected) {
    if (total() == 0 || outcomes.getOrDefault(expected, 0L) != total()) {
      throw new AssertionError("%s: %s; expected all %s".formatted(path, outcomes, expected));
    }
  }

  /** Ends after the attempt under way, which counts. Closing twice is closing once. */
  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      isEnding = true;
    }
    thread.join();
  }

  @Override
  public String toString() {
    return path;
  }
}
