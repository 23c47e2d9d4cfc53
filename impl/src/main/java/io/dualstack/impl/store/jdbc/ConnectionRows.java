package io.dualstack.impl.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The rows of a server, of which a part is on its way at once where the driver does so. What is
 * prepared here is known again by the driver.
 *
 * @param connection who is asked
 */
public record ConnectionRows(Connection connection) implements RowSource {

  private static final int FETCH = 10_000;

  @Override
  public <T> T rows(String sql, Binding binding, Reading<T> reading) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setFetchSize(FETCH);
      binding.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        return reading.read(rows);
      }
    }
  }
}
