package io.dualstack.impl.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** One connection and the statements it has prepared. Used by one thread at a time. */
public class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Takes over a connection. */
  public Statements(Connection connection) {
    this.connection = connection;
  }

  /** Returns the connection. */
  public final Connection connection() {
    return connection;
  }

  /** Returns a statement, prepared when it was first asked for. */
  public final PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  @Override
  public final void close() throws SQLException {
    connection.close();
  }
}
