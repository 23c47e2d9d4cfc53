package io.dualstack.impl.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A connection, as those see it who only ask. For one thread. */
public interface RowSource {

  /** Gives a query its parameters. */
  interface Binding {
    void bind(PreparedStatement query) throws SQLException;
  }

  /**
   * Makes something of an answer.
   *
   * @param <T> what
   */
  interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /** Asks, and returns what was made of the answer. */
  <T> T rows(String sql, Binding binding, Reading<T> reading) throws SQLException;
}
