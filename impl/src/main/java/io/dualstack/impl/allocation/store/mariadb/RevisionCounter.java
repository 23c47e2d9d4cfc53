package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.impl.allocation.store.jdbc.ServerWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The row that every writer updates first. */
final class RevisionCounter implements ServerWriter.Counter {

  private final PreparedStatement add;
  private final PreparedStatement set;

  RevisionCounter(Connection connection) throws SQLException {
    // The answer to the update tells the number, as if it were one the server had given a row.
    add =
        connection.prepareStatement(
            "UPDATE revision SET value = last_insert_id(value + ?)",
            Statement.RETURN_GENERATED_KEYS);
    set = connection.prepareStatement("UPDATE revision SET value = ?");
  }

  @Override
  public long add(int sets) throws SQLException {
    add.setInt(1, sets);
    add.executeUpdate();
    try (ResultSet row = add.getGeneratedKeys()) {
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
