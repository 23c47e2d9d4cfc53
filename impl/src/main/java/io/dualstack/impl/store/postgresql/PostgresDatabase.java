package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.Driver;

/** Opens PostgreSQL databases. */
public final class PostgresDatabase {

  /** Plans by index, whatever the tables looked like when the statements were planned. */
  public static final String PLANNING =
      "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

  private PostgresDatabase() {}

  /**
   * Opens a database, and makes its schema and tables if they aren't there.
   *
   * @throws StoreUnavailableException if it can't be opened, or its schema is another program's or
   *     of a newer version; such a schema is left as it is
   */
  public static ServerDatabase open(PostgresLocation location) {
    return ServerDatabase.open(
        new ServerDatabase.Server(
            location.toString(),
            location.url(),
            location.defaults(),
            new Driver(),
            PLANNING,
            PostgresFailures.INSTANCE),
        connection -> {
          requireUnicode(connection, location);
          new Migrations(location).bringUpToDate(connection);
        });
  }

  /**
   * Makes a connection one that writes, in transactions that see what others have committed.
   *
   * @param patience how long it waits for locks, and may hold some without doing anything
   */
  public static void beginWriting(Connection connection, Duration patience) throws SQLException {
    try (Statement session = connection.createStatement()) {
      // A process that stops in the middle, without its connection being lost, holds up the others.
      session.execute(
          "SET default_transaction_isolation = 'read committed'; SET synchronous_commit = on;"
              + " SET lock_timeout = "
              + patience.toMillis()
              + "; SET idle_in_transaction_session_timeout = "
              + patience.toMillis());
    }
    connection.setAutoCommit(false);
  }

  private static void requireUnicode(Connection connection, PostgresLocation location)
      throws SQLException {
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
}
