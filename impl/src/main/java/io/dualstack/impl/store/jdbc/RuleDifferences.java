package io.dualstack.impl.store.jdbc;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a database, as its own engine sees it: its pages, and the tables, indexes and
 * triggers that are the rules.
 */
public final class RuleDifferences {

  private final String location;
  private final List<Diagnostic> findings = new ArrayList<>();

  /** Begins without any, in a database of that location. */
  public RuleDifferences(String location) {
    this.location = location;
  }

  /** Reads rules: a column of names, and one of what they are. */
  public static Map<String, String> definitions(ResultSet row) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    while (row.next()) {
      found.put(row.getString(1), row.getString(2));
    }
    return found;
  }

  /** Adds where rules differ, word by word. Each has a name. */
  public void compare(Map<String, String> expected, Map<String, String> actual) {
    Map<String, String> foreign = new TreeMap<>(actual);
    for (Map.Entry<String, String> rule : expected.entrySet()) {
      String found = foreign.remove(rule.getKey());
      if (found == null) {
        add("StoreRuleMissing", rule.getKey() + ": is gone, so that nothing refuses what it did");
      } else if (!found.equals(rule.getValue())) {
        add("StoreRuleChanged", rule.getKey() + ": is not as Dualstack made it: " + found);
      }
    }
    for (String name : foreign.keySet()) {
      findings.add(
          finding(Severity.WARNING, "StoreObjectForeign", name + ": was not made by Dualstack"));
    }
  }

  /** Adds that what is stored can't be right, and what to do about it. */
  public void damaged(String message) {
    add("StoreDamaged", message);
  }

  private void add(String code, String message) {
    findings.add(finding(Severity.ERROR, code, message));
  }

  private Diagnostic finding(Severity severity, String code, String message) {
    return new Diagnostic(severity, location, "", 0, 0, code, message);
  }

  /** Returns what was found, in the order in which it was. */
  public List<Diagnostic> findings() {
    return List.copyOf(findings);
  }
}
