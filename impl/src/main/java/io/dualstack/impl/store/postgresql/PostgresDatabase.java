package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
