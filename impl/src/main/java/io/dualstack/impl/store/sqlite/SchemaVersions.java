package io.dualstack.impl.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What is in a file of some kind, and how files of earlier versions become files of the newest.
 *
 * @param applicationId marks files of the kind. It is written in the transaction that creates the
 *     tables, so that a file is either empty or marked
 * @param steps the statements that lead from each version to the next; a file's version is how many
 *     steps it has seen
 */
public record SchemaVersions(int applicationId, List<List<String>> steps) {

  /** Copies the steps. */
  public SchemaVersions {
    steps = steps.stream().map(List::copyOf).toList();
  }

  int newest() {
    return steps.size();
  }

  /** Says whether a file holds something and isn't marked as of this kind. */
  boolean isForeign(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      row.next();
      return row.getInt(1) > 0 && pragma(connection, "application_id") != applicationId;
    }
  }

  /** Returns the version of a file; 0 for a new one. */
  static int version(Connection connection) throws SQLException {
    return pragma(connection, "user_version");
  }

  /** Takes the steps a file hasn't seen. Runs in a transaction of the caller's. */
  void migrate(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (List<String> step : steps.subList(version(connection), steps.size())) {
        for (String sql : step) {
          statement.execute(sql);
        }
      }
      statement.execute("PRAGMA application_id = " + applicationId);
      statement.execute("PRAGMA user_version = " + steps.size());
    }
  }

  static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      row.next();
      return row.getInt(1);
    }
  }
}
