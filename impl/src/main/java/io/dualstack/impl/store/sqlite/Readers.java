package io.dualstack.impl.store.sqlite;

import io.dualstack.impl.store.jdbc.RowSource;
import io.dualstack.impl.store.jdbc.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Connections that read, each used by one thread at a time and kept for the next. Readers see the
 * last committed revision when they begin and keep it until they end; they wait for nobody.
 *
 * <p>Thread-safe.
 */
public final class Readers implements AutoCloseable {

  /** More readers at once than this wait for each other; each holds some memory and two files. */
  private static final int MAX = 16;

  private final SqliteFile file;
  private final Semaphore permits = new Semaphore(MAX);
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** Opens no connection yet. */
  public Readers(SqliteFile file) {
    this.file = file;
  }

  /** Something to ask. */
  public interface Question<T> {
    T ask(Reader reader) throws SQLException;
  }

  /** Asks with a connection that nobody else uses meanwhile. */
  public <T> T ask(Question<T> question) throws SQLException {
    permits.acquireUninterruptibly();
    try {
      if (closed) {
        throw new SQLException("the readers are closed");
      }
      Reader reader = idle.pollFirst();
      if (reader == null) {
        reader = new Reader(file.openReader());
      }
      boolean usable = false;
      try {
        T answer = question.ask(reader);
        usable = !closed;
        return answer;
      } finally {
        if (usable) {
          idle.addFirst(reader);
        } else {
          reader.close();
        }
      }
    } finally {
      permits.release();
    }
  }

  /** Waits for those who read, and closes. */
  @Override
  public void close() throws SQLException {
    closed = true;
    permits.acquireUninterruptibly(MAX);
    try {
      for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
        reader.close();
      }
    } finally {
      permits.release(MAX);
    }
  }

  /** A connection that only reads. */
  public static final class Reader extends Statements implements RowSource {

    Reader(Connection connection) {
      super(connection);
    }

    @Override
    public <T> T rows(String sql, Binding binding, Reading<T> reading) throws SQLException {
      PreparedStatement query = statement(sql);
      binding.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        return reading.read(rows);
      }
    }

    /** Asks several things of one revision. */
    public <T> T atOneRevision(Question<T> question) throws SQLException {
      statement("BEGIN").execute();
      T answer = question.ask(this);
      statement("COMMIT").execute();
      return answer;
    }
  }
}
