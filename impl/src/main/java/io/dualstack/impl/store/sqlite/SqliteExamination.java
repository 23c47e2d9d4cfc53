package io.dualstack.impl.store.sqlite;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.impl.store.sqlite.Readers.Reader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Has SQLite examine a file: every page, index and constraint, and whether the tables and triggers
 * that are the rules are those of the newest version, word by word.
 */
public final class SqliteExamination {

  private static final String OBJECTS =
      "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

  private final String location;
  private final List<Diagnostic> findings = new ArrayList<>();

  /** Examines a file of that location, for messages. */
  public SqliteExamination(String location) {
    this.location = location;
  }

  /** Examines pages and rules. */
  public void examine(Reader reader, SchemaVersions schema) throws SQLException {
    examinePages(reader);
    examineRules(reader, schema);
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

  private void examineRules(Reader reader, SchemaVersions schema) throws SQLException {
    Map<String, String> actual = objects(reader.statement(OBJECTS));
    for (Map.Entry<String, String> rule : expected(schema).entrySet()) {
      String found = actual.remove(rule.getKey());
      if (found == null) {
        add("StoreRuleMissing", rule.getKey() + ": is gone, so that nothing refuses what it did");
      } else if (!found.equals(rule.getValue())) {
        add("StoreRuleChanged", rule.getKey() + ": is not as Dualstack made it: " + found);
      }
    }
    for (String foreign : actual.keySet()) {
      findings.add(
          finding(Severity.WARNING, "StoreObjectForeign", foreign + ": was not made by Dualstack"));
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
    Map<String, String> found = new TreeMap<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.put(row.getString(1), row.getString(2));
      }
    }
    return found;
  }

  /** Adds that the file's content can't be right. */
  public void damaged(String message) {
    add("StoreDamaged", message + "; restore the file from a copy");
  }

  private void add(String code, String message) {
    findings.add(finding(Severity.ERROR, code, message));
  }

  private Diagnostic finding(Severity severity, String code, String message) {
    return new Diagnostic(severity, location, "", 0, 0, code, message);
  }

  /** Returns what was found. */
  public List<Diagnostic> findings() {
    return List.copyOf(findings);
  }
}
