package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.allocation.store.jdbc.DocumentStatements;
import io.dualstack.impl.allocation.store.jdbc.Spaces;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How SQLite finds rows: by key. A walk over all of them would pass every other test. */
class QueryPlanTest {

  @TempDir private Path folder;

  static Stream<String> queries() {
    return Stream.of(
        BlockStatements.ADD,
        BlockStatements.REPLACE,
        BlockStatements.REMOVE,
        Queries.INSTANCE.blocksOf(),
        Queries.INSTANCE.overlapping(),
        Queries.INSTANCE.slotHolder(),
        Queries.INSTANCE.history(),
        Queries.REVISION,
        Spaces.FIND,
        DocumentStatements.FIND,
        DocumentStatements.BETWEEN);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void finds_rows_by_key(String sql) throws SQLException {
    assertThat(plan(sql))
        .allSatisfy(
            step ->
                assertThat(step)
                    .doesNotContainPattern("SCAN (block|held|past|trail|space|document)")
                    .doesNotMatch("SEARCH (block|held|past) USING .*\\(space=\\?\\)"));
  }

  @Test
  void changes_are_read_from_where_they_begin_to_where_they_end() throws SQLException {
    assertThat(plan(Queries.INSTANCE.changesBetween()))
        .contains(
            "SEARCH trail USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
            "SEARCH trail USING INTEGER PRIMARY KEY (rowid>?)");
  }

  private List<String> plan(String sql) throws SQLException {
    Path file = folder.resolve("ips.db");
    SqliteAllocationStore.open(file).close();
    List<String> steps = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    assertThat(steps).isNotEmpty();
    return steps;
  }
}
