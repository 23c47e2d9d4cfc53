package io.dualstack.testkit.lab;

import static java.util.Objects.requireNonNull;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Who should reach what in a lab, and who should not. What is refused or lost must not have arrived
 * either: a filter that lets a packet in and stops its answer is no filter.
 *
 * <p>Immutable once built by {@link #expecting}; each call returns a larger matrix.
 */
public final class ReachabilityMatrix {
  private static final int AT_ONCE = 16;

  private final List<Cell> cells;

  private record Cell(
      LabHost from, LabHost to, IpAddress target, Service service, Outcome expected) {
    Cell {
      requireNonNull(expected, "expected");
    }

    Object server() {
      return List.of(to.name(), target, service);
    }
  }

  private ReachabilityMatrix(List<Cell> cells) {
    this.cells = List.copyOf(cells);
  }

  /**
   * Returns a matrix without expectations.
   *
   * @return the matrix
   */
  public static ReachabilityMatrix empty() {
    return new ReachabilityMatrix(List.of());
  }

  /**
   * Returns this matrix and one expectation more.
   *
   * @param from the host that tries
   * @param to the host that listens while it is tried
   * @param target the address to try, one of that host's
   * @param service a TCP or UDP port, or a {@link Service#ping}
   * @param expected what should come of it
   * @return the larger matrix
   */
  public ReachabilityMatrix expecting(
      LabHost from, LabHost to, IpAddress target, Service service, Outcome expected) {
    List<Cell> more = new ArrayList<>(cells);
    more.add(new Cell(from, to, target, service, expected));
    return new ReachabilityMatrix(more);
  }

  /**
   * Returns how many expectations there are.
   *
   * @return how many
   */
  public int size() {
    return cells.size();
  }

  /**
   * Tries all of them, several at once.
   *
   * @throws AssertionError naming every one that came out otherwise
   * @throws InterruptedException if the thread is interrupted
   */
  public void assertHolds() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      // One port of a host can't be listened on twice, so those who try the same take turns.
      List<Callable<List<String>>> attempts = new ArrayList<>();
      cells.stream()
          .collect(Collectors.groupingBy(Cell::server, LinkedHashMap::new, Collectors.toList()))
          .values()
          .forEach(
              same ->
                  attempts.add(() -> same.stream().map(ReachabilityMatrix::deviation).toList()));
      List<String> deviations = new ArrayList<>();
      for (Future<List<String>> attempt : threads.invokeAll(attempts)) {
        deviations.addAll(told(attempt));
      }
      deviations.removeIf(String::isEmpty);
      if (!deviations.isEmpty()) {
        throw new AssertionError(
            "%d of %d are not as expected:%n%s"
                .formatted(deviations.size(), cells.size(), String.join("\n", deviations)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> told(Future<List<String>> attempt) throws InterruptedException {
    try {
      return attempt.get();
    } catch (ExecutionException e) {
      return List.of(String.valueOf(e.getCause()));
    }
  }

  private static String deviation(Cell cell) {
    if (!cell.service().protocol().hasPorts()) {
      return deviation(cell, cell.from().attempt(cell.target(), cell.service()), 0);
    }
    try (Listener listener = cell.to().listen(cell.target(), cell.service())) {
      Attempt attempt = cell.from().attempt(cell.target(), cell.service());
      return deviation(cell, attempt, listener.arrived());
    }
  }

  private static String deviation(Cell cell, Attempt attempt, long arrived) {
    boolean sneakedIn = cell.expected() != Outcome.ANSWERED && arrived > 0;
    return attempt.outcome() == cell.expected() && !sneakedIn
        ? ""
        : "%s to %s, %s at %s: %s%s; expected %s"
            .formatted(
                cell.from(),
                cell.to(),
                cell.service(),
                cell.target(),
                attempt.outcome(),
                sneakedIn ? " although it arrived" : "",
                cell.expected());
  }
}
