package io.dualstack.impl.policy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.policy.store.Policies;
import io.dualstack.impl.policy.store.postgresql.PostgresPolicyDialect;
import io.dualstack.impl.policy.store.postgresql.PostgresPolicyStoreFactory;
import io.dualstack.impl.store.postgresql.PostgresPlans;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How PostgreSQL finds policies and tags: by index, so that their number doesn't matter. */
class PostgresPlanTest {

  @TempDir private Path folder;

  static Stream<String> queries() {
    Set<String> app = Set.of("a");
    return Stream.of(
        PolicyQuery.of(PolicyFilter.touching(app), PostgresPolicyDialect.INSTANCE).sql(),
        PolicyQuery.of(new PolicyFilter(Set.of(), app, Set.of()), PostgresPolicyDialect.INSTANCE)
            .sql(),
        PolicyQuery.of(new PolicyFilter(Set.of(), Set.of(), app), PostgresPolicyDialect.INSTANCE)
            .sql(),
        PolicyStatements.OWNER,
        PolicyStatements.POLICY,
        PolicyStatements.QUOTA,
        PolicyStatements.FREE_TAG,
        PolicyStatements.HIGHEST_TAG,
        PolicyStatements.APP,
        PolicyStatements.ADDRESSES_BY_PORTS,
        PolicyStatements.ADDRESSES_BY_ICMP,
        PolicyStatements.DELETE_DESTINATION,
        PolicyStatements.GIVE_TAG_BACK);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void finds_rows_by_index(String sql) throws SQLException {
    String location = PostgresServer.shared().locationOf(folder);
    try (PolicyStore store = new PostgresPolicyStoreFactory().open(location, 2)) {
      store.create(
          IntStream.range(0, 200).mapToObj(i -> Policies.policy("from-" + i, "to-" + i)).toList(),
          1);
    }

    List<String> plan = PostgresPlans.of(location, sql);

    // An index that nothing is looked up in is walked from its start.
    assertThat(plan)
        .as("%s", plan)
        .noneMatch(step -> step.contains("Seq Scan on") || step.contains("Hash Join"))
        .filteredOn(step -> step.contains("Index") && step.contains("Scan"))
        .isNotEmpty();
    for (int i = 0; i < plan.size(); i++) {
      if (plan.get(i).matches(".*Index (Only )?Scan.*")
          && !plan.get(i).matches(".* using groups_(free|pkey) .*")) {
        assertThat(plan.get(i + 1)).as("%s", plan).contains("Index Cond:");
      }
    }
  }
}
