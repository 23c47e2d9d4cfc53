package io.dualstack.impl.store.mariadb;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mariadb.jdbc.Driver;

/** Opens MariaDB databases. */
public final class MariaDatabase {

  /** The first with tables made of JSON, as versions count: 10.6. */
  private static final int OLDEST = 10_006;

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*MariaDB.*");

  /** Whatever the server and the URL say: names may be quoted, and nothing is cut or guessed. */
  public static final String SESSION =
      "SET sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
          + "ANSI_QUOTES', time_zone = '+00:00'";

  private MariaDatabase() {}

  /**
   * Opens a database, and makes its tables if they aren't there.
   *
   * @throws StoreUnavailableException if it can't be opened, or has tables of another program or of
   *     a newer version; such a database is left as it is
   */
  public static ServerDatabase open(MariaLocation location) {
    return ServerDatabase.open(
        new ServerDatabase.Server(
            location.toString(),
            location.url(),
            location.defaults(),
            new Driver(),
            SESSION,
            MariaFailures.INSTANCE),
        connection -> {
          requireKnown(connection, location);
          new Migrations(location).bringUpToDate(connection);
        });
  }

  /**
   * Makes a connection one that writes, in transactions that see what others have committed.
   *
   * @param patience how long it waits for locks, and may hold some without doing anything
   */
  public static void beginWriting(Connection connection, Duration patience) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try (Statement session = connection.createStatement()) {
      // A process that stops in the middle, without its connection being lost, holds up the others.
      session.execute(
          "SET innodb_lock_wait_timeout = "
              + patience.toSeconds()
              + ", idle_transaction_timeout = "
              + patience.toSeconds());
    }
    connection.setAutoCommit(false);
  }

  private static void requireKnown(Connection connection, MariaLocation location)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version()")) {
      row.next();
      Matcher version = VERSION.matcher(row.getString(1));
      if (!version.matches()
          || Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2))
              < OLDEST) {
        throw new StoreUnavailableException(
            location
                + ": the server is of version "
                + row.getString(1)
                + "; use MariaDB 10.6 or newer",
            false,
            null);
      }
    }
  }
}
