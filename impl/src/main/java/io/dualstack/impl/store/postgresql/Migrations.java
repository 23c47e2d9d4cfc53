package io.dualstack.impl.store.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Brings a schema to the newest version. Flyway takes the steps and keeps the list of those taken;
 * it isn't even loaded where none is left to take. A lock makes processes that find the same new
 * schema wait for each other.
 */
final class Migrations {

  /** The steps from each version to the next, in files beside this class. */
  private static final List<String> STEPS = List.of("V1__allocations.sql");

  /** Also what tells a schema of ours from those of others. */
  private static final String TABLE = "dualstack_migrations";

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
    if (version(connection) < STEPS.size()) {
      makeSchema();
      migrate();
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

  private String key(String kind) {
    return "hashtextextended('" + TABLE + kind + location.schema() + "', 0)";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private boolean isUpToDate(Connection connection) throws SQLException {
    int version = version(connection);
    if (version > STEPS.size()) {
      throw refused(
          "was written by a newer Dualstack (format "
              + version
              + ", this one knows "
              + STEPS.size()
              + "); update Dualstack");
    }
    return version == STEPS.size();
  }

  private int version(Connection connection) throws SQLException {
    String table = location.schema() + "." + TABLE;
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
      query.setString(1, TABLE);
      query.setString(2, location.schema());
      if (isTrue(query)) {
        throw refused(
            "its schema \""
                + location.schema()
                + "\" has tables of another program, and was left as it is; name another schema"
                + " with ?currentSchema=");
      }
    }
  }

  private boolean hasSteps(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*) > 0" + FROM_CATALOG + " AND relname = ?")) {
      query.setString(1, location.schema());
      query.setString(2, TABLE);
      return isTrue(query);
    }
  }

  private static boolean isTrue(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private StoreUnavailableException refused(String reason) {
    return new StoreUnavailableException(location + ": " + reason, false, null);
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

  private void migrate() throws SQLException {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(workers)
          .schemas(location.schema())
          .table(TABLE)
          .createSchemas(false)
          .resourceProvider(new Files())
          .javaMigrationClassProvider(List::of)
          .skipDefaultCallbacks(true)
          .placeholderReplacement(false)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException failure) {
          throw failure;
        }
      }
      throw new StoreUnavailableException(
          location + ": its tables can't be made: " + e.getMessage(), false, e);
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

  /** The files, read by this class, as modules hide them from others. */
  private static final class Files implements ResourceProvider {

    @Override
    public @Nullable LoadableResource getResource(String name) {
      return STEPS.contains(name) ? new File(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return STEPS.stream()
          .filter(name -> name.startsWith(prefix))
          .map(name -> (LoadableResource) new File(name))
          .toList();
    }
  }

  private static final class File extends LoadableResource {
    private final String name;

    File(String name) {
      this.name = name;
    }

    @Override
    public Reader read() {
      try (InputStream content = Migrations.class.getResourceAsStream(name)) {
        if (content == null) {
          throw new IllegalStateException(name + ": is missing in the jar");
        }
        return new StringReader(new String(content.readAllBytes(), UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
