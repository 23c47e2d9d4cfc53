package io.dualstack.impl.store.jdbc;

import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to a server by which a store writes: opened when somebody writes, and again
 * after a failure. One thread at a time writes. Thread-safe.
 *
 * @param <W> what writes by it
 */
public final class WritingConnection<W extends WritingConnection.Writer> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WritingConnection.class);

  /** Writes by a connection. After an exception it is closed. */
  public interface Writer extends AutoCloseable {

    /** Says whether the last exception came when it can't be known what became of the change. */
    boolean isCommitting();

    @Override
    void close() throws SQLException;
  }

  /**
   * Takes over a connection.
   *
   * @param <W> what writes by it
   */
  public interface Opening<W> {
    W open(Connection connection) throws SQLException;
  }

  /**
   * A change, which is done again from the start if the server or others got in its way.
   *
   * @param <W> what writes
   * @param <T> what comes of it
   */
  public interface Work<W, T> {
    T with(W writer) throws SQLException;
  }

  private final ServerDatabase database;
  private final Opening<W> opening;
  private final Runnable requireOpen;
  private final Meters meters;

  /** Null until somebody writes, and after a failure. */
  private @Nullable W writer;

  /**
   * Opens nothing yet.
   *
   * @param requireOpen throws once nobody may write any more
   * @param meters are told how long others were in the way; never throw
   */
  public WritingConnection(
      ServerDatabase database, Opening<W> opening, Runnable requireOpen, Meters meters) {
    this.database = database;
    this.opening = opening;
    this.requireOpen = requireOpen;
    this.meters = meters;
  }

  /**
   * Does work, again until the patience of the database ends.
   *
   * @throws StoreUnavailableException if it wasn't done, or nobody knows whether it was
   */
  public synchronized <T> T write(Work<W, T> work) {
    ServerFailures failures = database.failures();
    Attempts attempts = new Attempts(database.patience());
    Timing busy = Timing.NONE;
    try {
      while (true) {
        requireOpen.run();
        try {
          return work.with(writer());
        } catch (SQLException e) {
          boolean unknown = writer != null && writer.isCommitting();
          close();
          if (unknown && !failures.isRolledBack(e)) {
            throw failures.unknownOutcome(database.location(), e);
          }
          boolean mayPass = failures.mayPass(e);
          if (mayPass && busy == Timing.NONE) {
            busy = Timing.start(meters, MeterNames.STORE_BUSY);
          }
          if (!mayPass || !attempts.again()) {
            throw failures.unavailable(database.location(), e);
          }
        } catch (RuntimeException | Error e) {
          close();
          throw e;
        }
      }
    } finally {
      busy.ended();
    }
  }

  private W writer() throws SQLException {
    W known = writer;
    if (known == null) {
      Connection connection = database.connect();
      try {
        known = opening.open(connection);
      } catch (SQLException e) {
        discard(database.location(), connection);
        throw e;
      }
      writer = known;
    }
    return known;
  }

  /** Waits for who writes, and closes the connection. */
  @Override
  public synchronized void close() {
    W last = writer;
    writer = null;
    discard(database.location(), last);
  }

  /**
   * Closes a connection that nothing depends on any more.
   *
   * @param location what it was to, without secrets
   * @param connection null if there is none
   */
  public static void discard(String location, @Nullable AutoCloseable connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (Exception e) {
        LOG.atWarn().addKeyValue("store", location).setCause(e).log("connection not closed");
      }
    }
  }
}
