package io.dualstack.impl.policy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.policy.store.sqlite.SqlitePolicyDialect;
import io.dualstack.impl.policy.store.sqlite.SqlitePolicyStore;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.testkit.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How SQLite finds the policies of applications: by index, so that their number doesn't matter. */
class SqlitePlanTest {

  @TempDir private Path folder;

  static Stream<PolicyFilter> filters() {
    Set<String> app = Set.of("a");
    return Stream.of(
        PolicyFilter.touching(app),
        new PolicyFilter(Set.of(), app, Set.of()),
        new PolicyFilter(Set.of(), Set.of(), app),
        new PolicyFilter(Set.of(), app, app));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void finds_policies_by_index(PolicyFilter filter) throws SQLException {
    Path file = folder.resolve("policies.db");
    SqlitePolicyStore.open(file, 2, TestClock.atNoon()).close();
    List<String> plan = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement query =
            connection.prepareStatement(
                "EXPLAIN QUERY PLAN "
                    + PolicyQuery.of(filter, SqlitePolicyDialect.INSTANCE).sql());
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        plan.add(row.getString("detail"));
      }
    }

    assertThat(plan)
        .anyMatch(step -> step.startsWith("SEARCH"))
        .noneMatch(step -> step.startsWith("SCAN ") && !step.contains("json_each"));
  }
}
