package io.dualstack.impl.store.sqlite;

import io.dualstack.Diagnostic;
import io.dualstack.impl.store.jdbc.RuleDifferences;
import io.dualstack.impl.store.sqlite.Readers.Reader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Has SQLite examine a file: every page, index and constraint, and whether the tables and triggers
 * that are the rules are those of the newest version, word by word.
 */
public final class SqliteExamination {

  private static final String OBJECTS =
      "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

  private final RuleDifferences differences;

  /** Examines a file of that location, for messages. */
  public SqliteExamination(String location) {
    this.differences = new RuleDifferences(location);
  }

  /** Examines pages and rules. */
  public void examine(Reader reader, SchemaVersions schema) throws SQLException {
    examinePages(reader);
    differences.compare(expected(schema), objects(reader.statement(OBJECTS)));
  }

  private void examinePages(Reader reader) throws SQLException {
    try (ResultSet row = reader.statement("PRAGMA integrity_check").executeQuery()) {
      while (row.next()) {
        if (!row.getString(1).equals("ok")) {
          damaged("SQLite says: " + row.getString(1));
        }
      }
    }
  }

  /** Makes an empty database of the newest version in memory, to see what it consists of. */
  private static Map<String, String> expected(SchemaVersions schema) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      schema.migrate(connection);
      try (PreparedStatement query = connection.prepareStatement(OBJECTS)) {
        return objects(query);
      }
    }
  }

  private static Map<String, String> objects(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      return RuleDifferences.definitions(rows);
    }
  }

  /** Adds that the file's content can't be right. */
  public void damaged(String message) {
    differences.damaged(message + "; restore the file from a copy");
  }

  /** Returns what was found. */
  public List<Diagnostic> findings() {
    return differences.findings();
  }
}
