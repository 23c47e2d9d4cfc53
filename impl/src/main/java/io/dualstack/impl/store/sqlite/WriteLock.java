package io.dualstack.impl.store.sqlite;

import io.dualstack.Meters;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Begins transactions that write, one at a time among all connections. For one thread. */
public final class WriteLock {

  private final PreparedStatement begin;
  private final long patienceNanos;
  private final Meters meters;

  /**
   * Prepares to begin on a connection that gives up at once when another one writes.
   *
   * @param patience how long to wait for other writers before giving up
   * @param meters are told how long that was, when there was something to wait for
   */
  public WriteLock(Connection connection, Duration patience, Meters meters) throws SQLException {
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.patienceNanos = patience.toNanos();
    this.meters = meters;
  }

  /**
   * Begins a transaction when no other connection has one. Transactions are short, so that the wait
   * is in steps of parts of a millisecond; they are random, so that nobody is always too late.
   */
  public void whenFree() throws SQLException {
    long start = System.nanoTime();
    Timing busy = Timing.NONE;
    try {
      while (true) {
        try {
          begin.execute();
          return;
        } catch (SQLException e) {
          if (!SqliteFailures.isBusy(e) || System.nanoTime() - start > patienceNanos) {
            throw e;
          }
        }
        if (busy == Timing.NONE) {
          busy = Timing.start(meters, MeterNames.STORE_BUSY);
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000, 500_000));
      }
    } finally {
      busy.ended();
    }
  }
}
