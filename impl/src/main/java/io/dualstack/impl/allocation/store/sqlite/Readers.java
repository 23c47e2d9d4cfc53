package io.dualstack.impl.allocation.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Connections that read, each used by one thread at a time and kept for the next. Readers see the
 * last committed revision when they begin and keep it until they end; they wait for nobody.
 *
 * <p>Thread-safe.
 */
final class Readers implements AutoCloseable {

  /** More readers at once than this wait for each other; each holds some memory and two files. */
  private static final int MAX = 16;

  private final SqliteFile file;
  private final Semaphore permits = new Semaphore(MAX);
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Readers(SqliteFile file) {
    this.file = file;
  }

  /** Something to ask. */
  interface Question<T> {
    T ask(Reader reader) throws SQLException;
  }

  <T> T ask(Question<T> question) throws SQLException {
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

  /** One connection and the statements it has prepared. */
  static final class Reader {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Reader(Connection connection) {
      this.connection = connection;
    }

    PreparedStatement statement(String sql) throws SQLException {
      PreparedStatement known = statements.get(sql);
      if (known == null) {
        known = connection.prepareStatement(sql);
        statements.put(sql, known);
      }
      return known;
    }

    /** Asks several things of one revision. */
    <T> T atOneRevision(Question<T> question) throws SQLException {
      statement("BEGIN").execute();
      T answer = question.ask(this);
      statement("COMMIT").execute();
      return answer;
    }

    long revision() throws SQLException {
      try (ResultSet row = statement(Queries.REVISION).executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }

    /** Returns the number of a space; null if nothing was ever written there. */
    @Nullable Integer space(String name) throws SQLException {
      PreparedStatement query = statement(Queries.SPACE);
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getInt(1) : null;
      }
    }

    private void close() throws SQLException {
      connection.close();
    }
  }
}
