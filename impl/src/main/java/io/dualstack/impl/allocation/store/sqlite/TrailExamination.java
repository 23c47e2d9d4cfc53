package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.impl.store.sqlite.Readers.Reader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Examines whether every line of the audit trail is found by the block it is about. */
final class TrailExamination {

  private static final String LOST =
      "SELECT count(*) FROM trail CROSS JOIN jsonb_each(trail.lines) AS line"
          + " WHERE NOT EXISTS (SELECT 1 FROM past WHERE past.space = trail.space AND past.first = "
          + Rows.lineFirst("line.value")
          + " AND past.last = "
          + Rows.lineLast("line.value")
          + " AND past.chunk = trail.id AND past.place = line.key)";

  private static final String LINES =
      "SELECT coalesce(sum((SELECT count(*) FROM jsonb_each(trail.lines))), 0) FROM trail";

  private static final String FOUND = "SELECT count(*) FROM past";

  private TrailExamination() {}

  /** Says what is wrong, in words. */
  static List<String> faults(Reader reader) throws SQLException {
    List<String> faults = new ArrayList<>();
    long lost = count(reader, LOST);
    if (lost > 0) {
      faults.add("trail: %d lines are not found by their block".formatted(lost));
    }
    long invented = count(reader, FOUND) - (count(reader, LINES) - lost);
    if (invented > 0) {
      faults.add("past: %d rows name lines that the trail hasn't".formatted(invented));
    }
    return faults;
  }

  private static long count(Reader reader, String sql) throws SQLException {
    try (ResultSet row = reader.statement(sql).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
