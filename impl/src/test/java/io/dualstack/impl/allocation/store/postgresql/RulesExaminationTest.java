package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found in a schema that somebody has changed past the store. */
class RulesExaminationTest {
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void open() throws SQLException {
    String location = PostgresServer.shared().empty("");
    store = new PostgresStoreFactory().open(location);
    Blocks.commit(store, new Change.Add(Blocks.held("10.0.0.0/24", "cf/router/0")));
    store.commit(new ChangeSet(new AddressSpace("other"), Blocks.NOON, List.of()));
    raw = DriverManager.getConnection(location + "&currentSchema=dualstack");
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  @Test
  void nothing_where_nothing_is_wrong() throws SQLException {
    execute("VACUUM ANALYZE");

    assertThat(store.examine()).isEmpty();
  }

  @Test
  void a_rule_that_is_gone() throws SQLException {
    execute("ALTER TABLE block_2 DROP CONSTRAINT block_2_overlaps");

    assertThat(store.examine())
        .allSatisfy(found -> assertThat(found.code()).isEqualTo("StoreRuleMissing"))
        .allSatisfy(found -> assertThat(found.source()).isEqualTo(store.location()))
        .extracting(Diagnostic::message)
        .anyMatch(message -> message.startsWith("constraint block_2.block_2_overlaps: is gone"));
  }

  @Test
  void a_rule_that_refuses_less() throws SQLException {
    execute("DROP INDEX block_1_slots");
    execute("CREATE INDEX block_1_slots ON block_1 (owner, network, slot)");
    execute("ALTER TABLE space DISABLE TRIGGER space_added");

    assertThat(store.examine())
        .extracting(Diagnostic::code)
        .containsExactly("StoreRuleChanged", "StoreRuleChanged");
  }

  @Test
  void a_space_whose_table_guards_another_range() throws SQLException {
    execute("ALTER TABLE block DETACH PARTITION block_2");
    execute("ALTER TABLE block_2 DROP CONSTRAINT block_2_space_check");
    execute("ALTER TABLE block ATTACH PARTITION block_2 FOR VALUES IN (7)");

    assertThat(store.examine())
        .extracting(Diagnostic::code)
        .containsExactlyInAnyOrder("StoreRuleChanged", "StoreRuleMissing");
  }

  @Test
  void what_somebody_else_has_put_there_is_told_as_a_warning() throws SQLException {
    execute("CREATE TABLE mine (number integer)");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.WARNING))
        .satisfies(found -> assertThat(found.message()).contains("table mine"));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }
}
