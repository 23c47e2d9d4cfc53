package io.dualstack.impl.store.mariadb;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.Attempts;
import io.dualstack.impl.store.jdbc.SchemaSteps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Brings a database to the newest version. A lock makes processes that find the same new database
 * wait for each other. The engine commits each statement by itself, so that the statements of a
 * step can all be run again, and a step that was cut short is taken again from its start.
 */
final class Migrations {

  /** How long to wait for others that make the tables, and for what a killed one began. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Two made the same at once: a table that exists, a row that is there, a definition that changed.
   */
  private static final List<Integer> CROSSINGS = List.of(1050, 1062, 1061, 1412);

  private final MariaLocation location;
  private final SchemaSteps steps =
      new SchemaSteps(Migrations.class, List.of("V1__allocations.sql", "V2__policies.sql"));

  Migrations(MariaLocation location) {
    this.location = location;
  }

  /** Takes the steps that the database hasn't seen. */
  void bringUpToDate(Connection connection) throws SQLException {
    if (isUpToDate(connection)) {
      return;
    }
    lock(connection);
    requireOurs(connection);
    Attempts attempts = new Attempts(PATIENCE);
    while (!isUpToDate(connection)) {
      try {
        migrate();
      } catch (SQLException e) {
        if (!CROSSINGS.contains(e.getErrorCode()) || !attempts.again()) {
          throw e;
        }
      }
    }
  }

  /** Held until the connection is closed. */
  private void lock(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement("SELECT get_lock(?, ?)")) {
      lock.setString(1, SchemaSteps.TABLE + "/" + location.database());
      lock.setLong(2, PATIENCE.toSeconds());
      if (!isTrue(lock)) {
        throw new StoreUnavailableException(
            location + ": another process makes its tables and doesn't end; try again", true, null);
      }
    }
  }

  private boolean isUpToDate(Connection connection) throws SQLException {
    return steps.areTaken(location.toString(), version(connection));
  }

  private int version(Connection connection) throws SQLException {
    if (!hasSteps(connection)) {
      return 0;
    }
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT coalesce(max(CAST(version AS int)), 0) FROM "
                    + SchemaSteps.TABLE
                    + " WHERE success");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** A process that was killed may have left the list of steps alone, without a step in it. */
  private void requireOurs(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT count(*) > 0 FROM information_schema.tables WHERE table_schema = database()")) {
      if (isTrue(query) && !hasSteps(connection)) {
        throw new StoreUnavailableException(
            location + ": has tables of another program, and was left as it is; name another",
            false,
            null);
      }
    }
  }

  private static boolean hasSteps(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT count(*) > 0 FROM information_schema.tables"
                + " WHERE table_schema = database() AND table_name = ?")) {
      query.setString(1, SchemaSteps.TABLE);
      return isTrue(query);
    }
  }

  private static boolean isTrue(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private void migrate() throws SQLException {
    // A step that failed is written down as such, and would keep others from being taken.
    steps.take(
        location.toString(), new Workers(location), location.database(), true, nothing -> {});
  }

  /** Connections that begin as all others do. */
  private static final class Workers extends MariaDbDataSource {

    Workers(MariaLocation location) throws SQLException {
      super(location.url());
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      try (var session = connection.createStatement()) {
        session.execute(MariaDatabase.SESSION);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
  }
}
