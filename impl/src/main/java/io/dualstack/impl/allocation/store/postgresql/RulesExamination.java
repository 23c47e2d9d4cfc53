package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.Diagnostic;
import io.dualstack.impl.store.jdbc.Resources;
import io.dualstack.impl.store.jdbc.RowSource;
import io.dualstack.impl.store.jdbc.RuleDifferences;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  private RulesExamination() {}

  /** Returns what is wrong, the gravest first. */
  static List<Diagnostic> findings(RowSource database, String location) throws SQLException {
    RuleDifferences found = new RuleDifferences(location);
    long damaged = ask(database, DAMAGED_PAGES, row -> row.next() ? row.getLong(1) : 0);
    if (damaged > 0) {
      found.damaged(
          "the server has read "
              + damaged
              + " pages of this database that are not as they were written; restore it");
    }
    found.compare(
        expected(ask(database, SPACES, RulesExamination::numbers)),
        ask(
            database,
            Resources.text(RulesExamination.class, "rules.sql"),
            RuleDifferences::definitions));
    return found.findings();
  }

  private static <T> T ask(RowSource database, String sql, RowSource.Reading<T> reading)
      throws SQLException {
    return database.rows(sql, query -> {}, reading);
  }

  private static List<Integer> numbers(ResultSet row) throws SQLException {
    List<Integer> found = new ArrayList<>();
    while (row.next()) {
      found.add(row.getInt(1));
    }
    return found;
  }

  private static Map<String, String> expected(List<Integer> spaces) {
    Map<String, String> rules = new TreeMap<>();
    for (String line : Resources.text(RulesExamination.class, "rules.tsv").lines().toList()) {
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
}
