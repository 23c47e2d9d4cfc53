package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.policy.PolicyFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Asks for policies that pass a filter, in their order. Those from applications and those to them
 * are found apart, so that an index leads to each: a look at all policies is none.
 *
 * @param sql the query
 * @param values its parameters
 */
record PolicyQuery(String sql, List<Object> values) {

  private static final String SOURCE = "s.guid";
  private static final String DESTINATION = "g.guid";

  static PolicyQuery of(PolicyFilter filter, PolicyDialect dialect) {
    List<Object> values = new ArrayList<>();
    List<String> selects = new ArrayList<>();
    if (!filter.ends().isEmpty()) {
      for (boolean bySource : List.of(true, false)) {
        selects.add(select(bySource, bySource ? SOURCE : DESTINATION, filter, dialect, values));
      }
    } else {
      selects.add(select(filter.destinations().isEmpty(), "", filter, dialect, values));
    }
    return new PolicyQuery(String.join(" UNION ", selects) + " ORDER BY 1", values);
  }

  private static String select(
      boolean bySource,
      String end,
      PolicyFilter filter,
      PolicyDialect dialect,
      List<Object> values) {
    List<String> conditions = new ArrayList<>();
    require(end, filter.ends(), dialect, conditions, values);
    require(SOURCE, filter.sources(), dialect, conditions, values);
    require(DESTINATION, filter.destinations(), dialect, conditions, values);
    return dialect.selectInOrder()
        + PolicyRows.POLICY
        + (bySource
            ? fromSource(dialect, !conditions.isEmpty(), !filter.destinations().isEmpty())
            : fromDestination(dialect))
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }

  private static String fromSource(PolicyDialect dialect, boolean some, boolean toApps) {
    return "\"groups\" s"
        + (some ? dialect.byIndex("groups_guid") : "")
        + " JOIN policies p"
        + dialect.byIndex("policies_ends")
        + " ON p.group_id = s.id JOIN destinations d ON d.id = p.destination_id "
        + (toApps ? "JOIN" : "LEFT JOIN")
        + " \"groups\" g ON g.id = d.group_id";
  }

  private static String fromDestination(PolicyDialect dialect) {
    return "\"groups\" g"
        + dialect.byIndex("groups_guid")
        + " JOIN destinations d"
        + dialect.byIndex("destinations_app")
        + " ON d.group_id = g.id JOIN policies p"
        + dialect.byIndex("policies_destination")
        + " ON p.destination_id = d.id JOIN \"groups\" s ON s.id = p.group_id";
  }

  private static void require(
      String column,
      Set<String> texts,
      PolicyDialect dialect,
      List<String> conditions,
      List<Object> values) {
    if (!texts.isEmpty()) {
      conditions.add(dialect.among(column, there(texts, dialect), values));
    }
  }

  /** Returns those texts that can be there. */
  static List<String> there(Set<String> texts, PolicyDialect dialect) {
    return texts.stream().filter(dialect::canBeThere).toList();
  }
}
