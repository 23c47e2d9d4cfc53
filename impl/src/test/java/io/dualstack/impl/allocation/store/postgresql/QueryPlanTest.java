package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.jdbc.DocumentStatements;
import io.dualstack.impl.allocation.store.jdbc.Spaces;
import io.dualstack.impl.store.postgresql.PostgresPlans;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How PostgreSQL finds rows: by index. A walk over all of them would pass every other test. */
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
        Queries.INSTANCE.changesBetween(),
        Queries.INSTANCE.history(),
        Spaces.FIND,
        DocumentStatements.FIND,
        DocumentStatements.BETWEEN);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void finds_rows_by_index(String sql) throws SQLException {
    assertThat(plan(sql))
        .allSatisfy(
            step -> assertThat(step).doesNotContain("Seq Scan on").doesNotContain("Hash Join"));
  }

  @Test
  void blocks_are_found_one_by_one() throws SQLException {
    for (String sql :
        List.of(BlockStatements.REPLACE, BlockStatements.REMOVE, Queries.INSTANCE.overlapping())) {
      assertThat(plan(sql))
          .as(sql)
          .anyMatch(step -> step.matches(".*Index Cond: .*(block.* (=|&&) |owner = ).*"));
    }
  }

  /** Plans without knowing the parameters, on tables that were never analyzed. */
  private List<String> plan(String sql) throws SQLException {
    String location = PostgresServer.shared().locationOf(folder);
    try (AllocationStore store = new PostgresStoreFactory().open(location)) {
      store.commitAll(Blocks.adding(200));
      Blocks.commit(store, new Change.PutDocument("key", "text"));
    }
    return PostgresPlans.of(location, sql);
  }
}
