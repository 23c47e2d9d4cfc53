package io.dualstack.impl.allocation.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.mariadb.MariaServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found in a database that somebody has changed past the store. */
class RulesExaminationTest {
  private String location = "";
  private AllocationStore store;

  @BeforeEach
  void open() {
    location = MariaServer.shared().empty();
    store = new MariaStoreFactory().open(location);
    Blocks.commit(store, new Change.Add(Blocks.held("10.0.0.0/24", "cf/router/0")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void nothing_where_nothing_is_wrong() {
    assertThat(store.examine()).isEmpty();
  }

  @Test
  void a_rule_that_is_gone() {
    MariaServer.execute(
        location, "DROP TRIGGER block_overlaps", "ALTER TABLE block DROP CONSTRAINT block_kind");

    assertThat(store.examine())
        .allSatisfy(found -> assertThat(found.code()).isEqualTo("StoreRuleMissing"))
        .allSatisfy(found -> assertThat(found.source()).isEqualTo(store.location()))
        .extracting(Diagnostic::message)
        .anyMatch(message -> message.startsWith("trigger block_overlaps: is gone"))
        .anyMatch(message -> message.startsWith("check block.block_kind: is gone"));
  }

  @Test
  void a_rule_that_refuses_less() {
    MariaServer.execute(
        location,
        "CREATE OR REPLACE TRIGGER trail_changes BEFORE UPDATE ON trail FOR EACH ROW SET @x = 1",
        "ALTER TABLE block DROP INDEX block_slot",
        "ALTER TABLE block ADD INDEX block_slot (space, owner, network, slot)",
        "ALTER TABLE block MODIFY network varchar(250) CHARACTER SET utf8mb4"
            + " COLLATE utf8mb4_general_ci NOT NULL");

    assertThat(store.examine())
        .hasSize(3)
        .allSatisfy(found -> assertThat(found.code()).isEqualTo("StoreRuleChanged"));
  }

  @Test
  void what_somebody_else_has_put_there_is_told_as_a_warning() {
    MariaServer.execute(location, "CREATE TABLE mine (number integer)");

    assertThat(store.examine())
        .isNotEmpty()
        .allSatisfy(found -> assertThat(found.severity()).isEqualTo(Severity.WARNING))
        .anySatisfy(found -> assertThat(found.message()).contains("table mine"));
  }
}
