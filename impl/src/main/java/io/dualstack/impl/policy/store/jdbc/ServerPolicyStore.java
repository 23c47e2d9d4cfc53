package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.Meters;
import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.store.jdbc.PolicyRows.DamagedRowException;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import io.dualstack.impl.store.jdbc.Statements;
import io.dualstack.impl.store.jdbc.WritingConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps policies in a database of a server, in the schema in which allocations are kept too. What
 * is acknowledged is on the server's disk. Any number of processes may write: one that finds the
 * server gone, or others in its way, tries for ten seconds.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed change.
 */
public final class ServerPolicyStore extends RowPolicyStore {

  /** Makes a connection one that writes in transactions that see what others have committed. */
  public interface Beginning {

    /** Waits for locks that long, and holds none for longer without doing anything. */
    void beginWriting(Connection connection, Duration patience) throws SQLException;
  }

  private final ServerDatabase database;
  private final PolicyDialect dialect;
  private final Beginning beginning;
  private final WritingConnection<Writer> writing;

  /**
   * A store in an open database, which it closes in the end.
   *
   * @throws IllegalArgumentException if they can't
   */
  public ServerPolicyStore(
      ServerDatabase database,
      PolicyDialect dialect,
      Beginning beginning,
      int tagLength,
      Clock clock) {
    super(dialect, tagLength, clock);
    this.database = database;
    this.dialect = dialect;
    this.beginning = beginning;
    this.writing = new WritingConnection<>(database, this::open, this::requireOpen, Meters.NONE);
  }

  @Override
  public String location() {
    return database.location();
  }

  private Writer open(Connection connection) throws SQLException {
    beginning.beginWriting(connection, database.patience());
    Statements statements = new Statements(connection);
    return new Writer(
        connection, statements, new PolicyStatements(statements, dialect, location(), tagLength()));
  }

  @Override
  protected <T> T change(Change<T> change) {
    Outcome<T> outcome = writing.write(writer -> writer.transaction(change));
    if (outcome.refusal != null) {
      throw outcome.refusal;
    }
    return outcome.result();
  }

  @Override
  protected <T> List<T> all(String sql, List<Object> values, Reading<T> reading) {
    requireOpen();
    try {
      return database.ask(
          connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
              return read(query, values, reading);
            }
          });
    } catch (DamagedRowException e) {
      throw database.failures().damaged(location(), e);
    } catch (StoreUnavailableException e) {
      requireOpen();
      throw e;
    }
  }

  /** Waits for those who write, and closes. */
  @Override
  public void close() {
    closeForNewcomers();
    writing.close();
    database.close();
  }

  /** What comes of a change that was made, or why it wasn't. */
  private record Outcome<T>(@Nullable T made, @Nullable PolicyRefusedException refusal) {
    T result() {
      if (made == null) {
        throw new IllegalStateException("was refused");
      }
      return made;
    }
  }

  private static final class Writer implements WritingConnection.Writer {

    /** Writers of all processes wait for each other, and then see what was committed. */
    private static final String LOCK = LAST_UPDATED + " FOR UPDATE";

    private final Connection connection;
    private final Statements statements;
    private final PolicyStatements changes;
    private boolean committing;

    Writer(Connection connection, Statements statements, PolicyStatements changes) {
      this.connection = connection;
      this.statements = statements;
      this.changes = changes;
    }

    <T> Outcome<T> transaction(Change<T> change) throws SQLException {
      committing = false;
      lock();
      T made;
      try {
        made = change.make(changes);
      } catch (PolicyRefusedException e) {
        connection.rollback();
        return new Outcome<>(null, e);
      }
      committing = true;
      connection.commit();
      committing = false;
      return new Outcome<>(made, null);
    }

    private void lock() throws SQLException {
      try (ResultSet row = statements.statement(LOCK).executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the table of the last change has no row");
        }
      }
    }

    @Override
    public boolean isCommitting() {
      return committing;
    }

    @Override
    public void close() throws SQLException {
      statements.close();
    }
  }
}
