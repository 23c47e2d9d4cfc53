package io.dualstack.impl.store.jdbc;

import io.dualstack.StoreUnavailableException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * A database of a server, brought up to date, with a pool of connections for those who read.
 * Thread-safe.
 */
public final class ServerDatabase implements AutoCloseable {

  /** How long to wait for a server that restarts, for locks, and for a connection. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Where a database is, and how it is spoken to.
   *
   * @param location the location without secrets
   * @param url the URL as the driver reads it; secrets may be in it
   * @param defaults what holds unless the URL says otherwise
   * @param driver the driver
   * @param session the statements that each connection begins with
   * @param failures what the server's failures mean
   */
  public record Server(
      String location,
      String url,
      Properties defaults,
      Driver driver,
      String session,
      ServerFailures failures) {}

  /** Brings a database up to date. */
  public interface Preparation {

    /** Prepares, by a connection that nobody else has. */
    void prepare(Connection connection) throws SQLException;
  }

  private final Server server;
  private final ConnectionPool pool;

  private ServerDatabase(Server server) {
    this.server = server;
    this.pool =
        new ConnectionPool(
            server.location(),
            server.url(),
            server.defaults(),
            server.driver().getClass().getName(),
            server.session(),
            PATIENCE);
  }

  /**
   * Opens a database.
   *
   * @param preparation brings it up to date
   * @throws StoreUnavailableException if it can't be opened, or the preparation says so
   */
  public static ServerDatabase open(Server server, Preparation preparation) {
    ServerDatabase database = new ServerDatabase(server);
    try {
      database.prepare(preparation);
      return database;
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  private void prepare(Preparation preparation) {
    try (Connection connection = connect()) {
      preparation.prepare(connection);
    } catch (SQLException e) {
      throw server.failures().unavailable(location(), e);
    }
  }

  /** Returns the location without secrets. */
  public String location() {
    return server.location();
  }

  /** Returns how long to wait for a server that restarts, or for other writers. */
  public Duration patience() {
    return PATIENCE;
  }

  /** Returns what the server's failures mean. */
  public ServerFailures failures() {
    return server.failures();
  }

  /** Opens a connection of its own, which no one else shares; with auto-commit. */
  public Connection connect() throws SQLException {
    Connection connection = server.driver().connect(server.url(), server.defaults());
    if (connection == null) {
      throw new SQLException("the driver doesn't know the location");
    }
    try (Statement session = connection.createStatement()) {
      session.execute(server.session());
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
        if (!server.failures().mayPass(e) || !attempts.again()) {
          throw server.failures().unavailable(location(), e);
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
