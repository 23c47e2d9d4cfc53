package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.impl.allocation.store.jdbc.ServerWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The row that every writer updates first. */
final class RevisionCounter implements ServerWriter.Counter {

  private final PreparedStatement add;
  private final PreparedStatement set;

  RevisionCounter(Connection connection) throws SQLException {
    add = connection.prepareStatement("UPDATE revision SET value = value + ? RETURNING value");
    set = connection.prepareStatement("UPDATE revision SET value = ?");
  }

  @Override
  public long add(int sets) throws SQLException {
    add.setInt(1, sets);
    try (ResultSet row = add.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table of the revision has no row");
      }
      return row.getLong(1);
    }
  }

  @Override
  public void set(long sets) throws SQLException {
    set.setLong(1, sets);
    set.executeUpdate();
  }
}
