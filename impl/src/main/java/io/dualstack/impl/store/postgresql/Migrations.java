package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.SchemaSteps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Brings a schema to the newest version. A lock makes processes that find the same new schema wait
 * for each other.
 */
final class Migrations {

  private static final SchemaSteps STEPS =
      new SchemaSteps(Migrations.class, List.of("V1__allocations.sql", "V2__policies.sql"));

  /** The catalog as a table: its functions may not see what others have just made. */
  private static final String FROM_CATALOG =
      " FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace WHERE nspname = ?";

  private final PostgresLocation location;
  private final DataSource workers;

  Migrations(PostgresLocation location) {
    this.location = location;
    this.workers =
        new Workers(location, "SELECT pg_advisory_lock_shared(" + key("/workers/") + ")");
  }

  /** Takes the steps that the schema hasn't seen. */
  void bringUpToDate(Connection connection) throws SQLException {
    if (isUpToDate(connection)) {
      return;
    }
    connection.setAutoCommit(false);
    execute(connection, "SELECT pg_advisory_xact_lock(" + key("/") + ")");
    awaitWorkers(connection);
    requireOurs(connection);
    if (!isUpToDate(connection)) {
      makeSchema();
      STEPS.take(
          location.toString(), workers, location.schema(), false, Migrations::byOneConnection);
    }
    connection.commit();
  }

  /**
   * The server goes on for a while with what a killed process asked it to do, by connections other
   * than the one that had the lock; each of them holds a lock of its own.
   */
  private void awaitWorkers(Connection connection) throws SQLException {
    execute(connection, "SELECT pg_advisory_lock(" + key("/workers/") + ")");
    execute(connection, "SELECT pg_advisory_unlock(" + key("/workers/") + ")");
  }

  /**
   * A step and the line that says that it was taken are committed together. Flyway's other way has
   * a connection for each, and who is killed between the two commits leaves a step that is taken
   * twice.
   */
  private static void byOneConnection(FluentConfiguration configuration) {
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
  }

  private String key(String kind) {
    return "hashtextextended('" + SchemaSteps.TABLE + kind + location.schema() + "', 0)";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private boolean isUpToDate(Connection connection) throws SQLException {
    return STEPS.areTaken(location.toString(), version(connection));
  }

  private int version(Connection connection) throws SQLException {
    String table = location.schema() + "." + SchemaSteps.TABLE;
    if (!hasSteps(connection)) {
      return 0;
    }
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT coalesce(max(version::integer), 0) FROM " + table + " WHERE success");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** A process that was killed may have left the list of steps alone, without a step in it. */
  private void requireOurs(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT count(*) > 0 AND NOT coalesce(bool_or(relname = ?), false)" + FROM_CATALOG)) {
      query.setString(1, SchemaSteps.TABLE);
      query.setString(2, location.schema());
      if (isTrue(query)) {
        throw new StoreUnavailableException(
            location
                + ": its schema \""
                + location.schema()
                + "\" has tables of another program, and was left as it is; name another schema"
                + " with ?currentSchema=",
            false,
            null);
      }
    }
  }

  private boolean hasSteps(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*) > 0" + FROM_CATALOG + " AND relname = ?")) {
      query.setString(1, location.schema());
      query.setString(2, SchemaSteps.TABLE);
      return isTrue(query);
    }
  }

  private static boolean isTrue(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** By a connection of its own, as the one that holds the lock commits nothing before the end. */
  private void makeSchema() throws SQLException {
    try (Connection connection = workers.getConnection();
        PreparedStatement query =
            connection.prepareStatement("SELECT FROM pg_namespace WHERE nspname = ?")) {
      query.setString(1, location.schema());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          execute(connection, "CREATE SCHEMA " + location.schema());
        }
      }
    }
  }

  /** Connections that each hold a lock, and are gone with it when they are closed. */
  private static final class Workers extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    private final String lock;

    Workers(PostgresLocation location, String lock) {
      this.lock = lock;
      location.describe(this);
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password)
        throws SQLException {
      Connection connection = super.getConnection(user, password);
      execute(connection, lock);
      return connection;
    }
  }
}
