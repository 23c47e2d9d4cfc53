package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.Meters;
import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.store.jdbc.PolicyRows.DamagedRowException;
import io.dualstack.impl.policy.store.jdbc.PolicyStatements;
import io.dualstack.impl.policy.store.jdbc.RowPolicyStore;
import io.dualstack.impl.store.jdbc.Statements;
import io.dualstack.impl.store.jdbc.WritingConnection;
import io.dualstack.impl.store.sqlite.Readers;
import io.dualstack.impl.store.sqlite.SqliteFailures;
import io.dualstack.impl.store.sqlite.SqliteFile;
import io.dualstack.impl.store.sqlite.WriteLock;
import io.dualstack.policy.PolicyTag;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps policies in one SQLite file. What is acknowledged is on the disk. Several processes may
 * have the file open, on a local disk; one that finds it locked tries for ten seconds.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed change.
 */
public final class SqlitePolicyStore extends RowPolicyStore {

  private final SqliteFile file;
  private final Readers readers;

  private final Object writing = new Object();

  /** Null until somebody writes, and after a failure. */
  private @Nullable Writer writer;

  private SqlitePolicyStore(SqliteFile file, int tagLength, Clock clock) {
    super(SqlitePolicyDialect.INSTANCE, tagLength, clock);
    this.file = file;
    this.readers = new Readers(file);
  }

  /**
   * Opens a file, and makes it and its folder if they aren't there, readable by their owner alone.
   *
   * @param tagLength the bytes of a tag, 1 to 3
   * @throws StoreUnavailableException if it can't be opened, is damaged, another program's or of a
   *     newer version; such a file is left as it is
   */
  public static SqlitePolicyStore open(Path path, int tagLength, Clock clock) {
    PolicyTag.capacity(tagLength);
    SqliteFile file = new SqliteFile(path, PolicySchema.VERSIONS);
    file.prepare();
    return new SqlitePolicyStore(file, tagLength, clock);
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  protected <T> T change(Change<T> change) {
    synchronized (writing) {
      requireOpen();
      boolean usable = false;
      try {
        if (writer == null) {
          writer = openWriter();
        }
        T result = writer.transaction(change);
        usable = true;
        return result;
      } catch (PolicyRefusedException e) {
        usable = true;
        throw e;
      } catch (SQLException e) {
        throw SqliteFailures.unavailable(location(), e);
      } finally {
        if (!usable) {
          closeWriter();
        }
      }
    }
  }

  private Writer openWriter() throws SQLException {
    Statements statements = new Statements(file.openWriter());
    try {
      // A change that was answered is on the disk.
      statements.statement("PRAGMA synchronous = FULL").execute();
      statements.statement("PRAGMA foreign_keys = ON").execute();
      return new Writer(
          statements,
          new WriteLock(statements.connection(), file.patience(), Meters.NONE),
          new PolicyStatements(statements, SqlitePolicyDialect.INSTANCE, location(), tagLength()));
    } catch (SQLException e) {
      WritingConnection.discard(location(), statements);
      throw e;
    }
  }

  private void closeWriter() {
    Writer last = writer;
    writer = null;
    WritingConnection.discard(location(), last == null ? null : last.statements());
  }

  /** The connection that writes. After an {@link SQLException} it is in no known state. */
  private record Writer(Statements statements, WriteLock lock, PolicyStatements changes) {

    /** Does all of a change or, when it is refused, nothing. */
    <T> T transaction(Change<T> change) throws SQLException {
      lock.whenFree();
      T result;
      try {
        result = change.make(changes);
      } catch (PolicyRefusedException e) {
        statements.statement("ROLLBACK").execute();
        throw e;
      }
      statements.statement("COMMIT").execute();
      return result;
    }
  }

  @Override
  protected <T> List<T> all(String sql, List<Object> values, Reading<T> reading) {
    requireOpen();
    try {
      return readers.ask(reader -> read(reader.statement(sql), values, reading));
    } catch (SQLException e) {
      requireOpen();
      throw SqliteFailures.unavailable(location(), e);
    } catch (DamagedRowException e) {
      throw SqliteFailures.damaged(location(), e);
    }
  }

  /** Waits for those who read or write, and closes. */
  @Override
  public void close() {
    closeForNewcomers();
    synchronized (writing) {
      closeWriter();
    }
    WritingConnection.discard(location(), readers);
  }
}
