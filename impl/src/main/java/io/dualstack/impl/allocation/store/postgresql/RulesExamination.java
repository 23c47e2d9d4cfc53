package io.dualstack.impl.allocation.store.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Examines whether the tables, indexes, constraints and triggers that are the rules are those that
 * were made, word by word, and whether the server itself has met pages that aren't as written.
 */
final class RulesExamination {

  private static final String SPACES = "SELECT id FROM space";

  private static final String DAMAGED_PAGES =
      "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database"
          + " WHERE datname = current_database()";

  /** What the one space of the expected rules is called in them. */
  private static final String FIRST_SPACE = "block_1";

  private final String location;
  private final List<Diagnostic> findings = new ArrayList<>();

  private RulesExamination(String location) {
    this.location = location;
  }

  /** Returns what is wrong, the gravest first. */
  static List<Diagnostic> findings(Connection connection, String location) throws SQLException {
    RulesExamination examination = new RulesExamination(location);
    try (Statement statement = connection.createStatement()) {
      examination.examinePages(statement);
      examination.examineRules(statement);
    }
    return List.copyOf(examination.findings);
  }

  private void examinePages(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(DAMAGED_PAGES)) {
      if (row.next() && row.getLong(1) > 0) {
        add(
            "StoreDamaged",
            "the server has read "
                + row.getLong(1)
                + " pages of this database that are not as they were written; restore it");
      }
    }
  }

  private void examineRules(Statement statement) throws SQLException {
    Map<String, String> actual = new TreeMap<>();
    try (ResultSet row = statement.executeQuery(resource("rules.sql"))) {
      while (row.next()) {
        actual.put(row.getString(1), row.getString(2));
      }
    }
    for (Map.Entry<String, String> rule : expected(spaces(statement)).entrySet()) {
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

  private static List<Integer> spaces(Statement statement) throws SQLException {
    List<Integer> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(SPACES)) {
      while (row.next()) {
        found.add(row.getInt(1));
      }
    }
    return found;
  }

  private static Map<String, String> expected(List<Integer> spaces) {
    Map<String, String> rules = new TreeMap<>();
    for (String line : resource("rules.tsv").lines().toList()) {
      String name = line.substring(0, line.indexOf('\t'));
      String definition = line.substring(line.indexOf('\t') + 1);
      if (!name.contains(FIRST_SPACE)) {
        rules.put(name, definition);
        continue;
      }
      for (int space : spaces) {
        rules.put(
            name.replace(FIRST_SPACE, "block_" + space),
            definition
                .replace(FIRST_SPACE, "block_" + space)
                .replace("(space = 1)", "(space = " + space + ")")
                .replace("FOR VALUES IN (1)", "FOR VALUES IN (" + space + ")"));
      }
    }
    return rules;
  }

  private static String resource(String name) {
    try (InputStream content = RulesExamination.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new IllegalStateException(name + ": is missing in the jar");
      }
      return new String(content.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String code, String message) {
    findings.add(finding(Severity.ERROR, code, message));
  }

  private Diagnostic finding(Severity severity, String code, String message) {
    return new Diagnostic(severity, location, "", 0, 0, code, message);
  }
}
