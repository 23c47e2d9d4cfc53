package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.Attempts;
import io.dualstack.impl.store.jdbc.ConnectionPool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.Driver;

/**
 * A PostgreSQL database, brought up to date, with a pool of connections for those who read. Thread-
 * safe.
 */
public final class PostgresDatabase implements AutoCloseable {

  /** How long to wait for a server that restarts, for locks, and for a connection. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Plans by index, whatever the tables looked like when the statements were planned. */
  public static final String PLANNING =
      "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

  private final PostgresLocation location;
  private final ConnectionPool pool;

  private PostgresDatabase(PostgresLocation location) {
    this.location = location;
    this.pool =
        new ConnectionPool(
            location.toString(),
            location.url(),
            location.defaults(),
            PostgresLocation.DRIVER,
            PLANNING,
            PATIENCE);
  }

  /**
   * Opens a database, and makes its schema and tables if they aren't there.
   *
   * @throws StoreUnavailableException if it can't be opened, or its schema is another program's or
   *     of a newer version; such a schema is left as it is
   */
  public static PostgresDatabase open(PostgresLocation location) {
    PostgresDatabase database = new PostgresDatabase(location);
    try {
      database.prepare();
      return database;
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  private void prepare() {
    try (Connection connection = connect()) {
      requireUnicode(connection);
      new Migrations(location).bringUpToDate(connection);
    } catch (SQLException e) {
      throw PostgresFailures.unavailable(location.toString(), e);
    }
  }

  private void requireUnicode(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_encoding")) {
      row.next();
      if (!row.getString(1).equals("UTF8")) {
        throw new StoreUnavailableException(
            location
                + ": its encoding is "
                + row.getString(1)
                + ", which has not all characters; create it with ENCODING 'UTF8'",
            false,
            null);
      }
    }
  }

  /** Returns the location without secrets. */
  public String location() {
    return location.toString();
  }

  /** Returns how long to wait for a server that restarts, or for other writers. */
  public Duration patience() {
    return PATIENCE;
  }

  /** Opens a connection of its own, which no one else shares; with auto-commit. */
  public Connection connect() throws SQLException {
    Connection connection = new Driver().connect(location.url(), location.defaults());
    if (connection == null) {
      throw new SQLException("the driver doesn't know the location");
    }
    try (Statement session = connection.createStatement()) {
      session.execute(PLANNING);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Asks, again if the connection turns out to be lost.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  public <T> T ask(ConnectionPool.Question<T> question) {
    Attempts attempts = new Attempts(PATIENCE);
    while (true) {
      try {
        return pool.ask(question);
      } catch (SQLException e) {
        if (!PostgresFailures.mayPass(e) || !attempts.again()) {
          throw PostgresFailures.unavailable(location.toString(), e);
        }
        pool.forget();
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
