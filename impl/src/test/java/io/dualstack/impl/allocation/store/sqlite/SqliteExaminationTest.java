package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine finds in a file that somebody has written past the store. */
class SqliteExaminationTest {
  @TempDir private Path folder;
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void open() throws SQLException {
    Path file = folder.resolve("ips.db");
    store = SqliteAllocationStore.open(file);
    for (int n = 0; n < 100; n++) {
      Blocks.commit(store, new Change.Add(Blocks.held("10.0.0." + n + "/32", "cf/cell/" + n)));
    }
    raw = DriverManager.getConnection("jdbc:sqlite:" + file);
    execute("PRAGMA busy_timeout = 10000");
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  @Test
  void nothing_where_nothing_is_wrong() throws SQLException {
    execute("ANALYZE");

    assertThat(store.examine()).isEmpty();
  }

  @Test
  void a_rule_that_is_gone() throws SQLException {
    execute("DROP TRIGGER block_overlaps");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.code()).isEqualTo("StoreRuleMissing"))
        .satisfies(found -> assertThat(found.source()).isEqualTo(store.location()))
        .satisfies(found -> assertThat(found.message()).contains("trigger block_overlaps"));
  }

  @Test
  void a_rule_that_refuses_less() throws SQLException {
    execute("DROP INDEX block_slot");
    execute("CREATE INDEX block_slot ON block (space, owner, network, slot)");

    assertThat(store.examine()).extracting(Diagnostic::code).containsExactly("StoreRuleChanged");
  }

  @Test
  void what_somebody_else_has_put_there_is_told_as_a_warning() throws SQLException {
    execute("CREATE TABLE mine (number INTEGER)");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.WARNING))
        .satisfies(found -> assertThat(found.message()).contains("table mine"));
  }

  @Test
  void a_row_that_the_constraints_forbid() throws SQLException {
    execute("PRAGMA ignore_check_constraints = ON");
    execute("UPDATE block SET state = 7 WHERE owner = 'cf/cell/5'");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.code()).isEqualTo("StoreDamaged"))
        .satisfies(found -> assertThat(found.message()).contains("CHECK", "block"));
  }

  @Test
  void lines_that_are_not_found_by_their_block() throws SQLException {
    execute("DELETE FROM past WHERE chunk IN (SELECT id FROM trail ORDER BY id LIMIT 3)");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.message()).contains("3 lines are not found"));
  }

  @Test
  void blocks_that_name_lines_which_are_not_there() throws SQLException {
    execute(
        "INSERT INTO past SELECT space, first, last, chunk, place + 90 FROM past"
            + " ORDER BY chunk LIMIT 2");

    assertThat(store.examine())
        .singleElement()
        .satisfies(found -> assertThat(found.message()).contains("2 rows name lines"));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }
}
