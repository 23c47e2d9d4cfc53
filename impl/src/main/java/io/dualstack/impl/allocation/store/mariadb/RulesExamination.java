package io.dualstack.impl.allocation.store.mariadb;

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
 * Has the server check every page and index, and examines whether the tables, indexes, constraints
 * and triggers that are the rules are those that were made, word by word.
 */
final class RulesExamination {

  private static final String PAGES =
      "CHECK TABLE revision, space, block, trail, document, \"groups\", destinations, policies,"
          + " security_groups, policies_info";

  private RulesExamination() {}

  /** Returns what is wrong, the gravest first. */
  static List<Diagnostic> findings(RowSource database, String location) throws SQLException {
    RuleDifferences found = new RuleDifferences(location);
    for (String fault : database.rows(PAGES, query -> {}, RulesExamination::faults)) {
      found.damaged(fault + "; restore the database");
    }
    found.compare(
        expected(),
        database.rows(
            Resources.text(RulesExamination.class, "rules.sql"),
            query -> {},
            RuleDifferences::definitions));
    return found.findings();
  }

  private static List<String> faults(ResultSet row) throws SQLException {
    List<String> found = new ArrayList<>();
    while (row.next()) {
      if (!row.getString("Msg_text").equals("OK")) {
        found.add("MariaDB says of " + row.getString("Table") + ": " + row.getString("Msg_text"));
      }
    }
    return found;
  }

  private static Map<String, String> expected() {
    Map<String, String> rules = new TreeMap<>();
    for (String line : Resources.text(RulesExamination.class, "rules.tsv").lines().toList()) {
      int tab = line.indexOf('\t');
      rules.put(line.substring(0, tab), line.substring(tab + 1));
    }
    return rules;
  }
}
