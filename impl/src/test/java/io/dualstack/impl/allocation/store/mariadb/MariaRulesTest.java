package io.dualstack.impl.allocation.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.RawRace;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database refuses to those who write it without the store. */
class MariaRulesTest {
  private static final AllocatedBlock PREFIX = Blocks.held("2001:db8:0:0:1::/80", "cf/cell/0");
  private static final IpPrefix ADDRESS = IpPrefix.parse("2001:db8::1:0:0:42/128");

  private static final int ROUNDS = 10;

  /** So that others come between the look for overlaps and the row. */
  private static final String SLOWLY =
      "CREATE TRIGGER slowly BEFORE INSERT ON block FOR EACH ROW FOLLOWS block_overlaps"
          + " DO sleep(0.03)";

  private static final String OVERLAPS = "23P01";
  private static final String DEADLOCK = "40001";
  private static final String NOT_UNIQUE = "23000";
  private static final String MOVES = "23001";

  @TempDir private Path folder;
  private String location = "";
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void open() throws SQLException {
    location = MariaServer.shared().locationOf(folder);
    store = new MariaStoreFactory().open(location);
    Blocks.commit(store, new Change.Add(Blocks.held("10.0.0.0/24", "cf/router/0")));
    raw = DriverManager.getConnection(location);
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  @Test
  void a_raw_address_inside_a_prefix_is_refused() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));

    for (String sql :
        List.of(
            insertion(ADDRESS, "raw"),
            insertion(PREFIX.block(), "raw"),
            insertion(ADDRESS, "raw").replace("INSERT", "INSERT IGNORE"),
            insertion(ADDRESS, "raw").replace("INSERT", "REPLACE"),
            insertion(ADDRESS, "raw") + " ON DUPLICATE KEY UPDATE owner = 'x'")) {
      assertRefused(OVERLAPS, sql);
    }
    assertThat(store.overlapping(AddressSpace.DEFAULT, PREFIX.block())).containsExactly(PREFIX);
  }

  @Test
  void a_raw_prefix_around_an_address_is_refused() {
    AllocatedBlock address = Blocks.held(ADDRESS, "cf/cell/0");
    Blocks.commit(store, new Change.Add(address));

    assertRefused(OVERLAPS, insertion(PREFIX.block(), "raw"));
    assertThat(store.overlapping(AddressSpace.DEFAULT, PREFIX.block())).containsExactly(address);
  }

  @Test
  void what_a_session_can_turn_off_lets_nothing_through() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));
    execute(
        "SET sql_mode = '', check_constraint_checks = 0, foreign_key_checks = 0,"
            + " unique_checks = 0");

    assertRefused(OVERLAPS, insertion(ADDRESS, "raw"));
    String two = insertion(IpPrefix.parse("2001:db8:9::/48"), "a");
    String values = "VALUES ";
    String inside = insertion(IpPrefix.parse("2001:db8:9::1/128"), "b");
    assertRefused(
        OVERLAPS, two + ", " + inside.substring(inside.indexOf(values) + values.length()));
    for (String[] change :
        List.of(
            new String[] {", 6, ", ", NULL, "},
            new String[] {", 6, ", ", 5, "},
            new String[] {"'2001:db8:9::'", "NULL"},
            new String[] {"'2001:db8:9::'", "'2001:db8:a::'"})) {
      assertThat(two).contains(change[0]);
      assertRefused("23514", two.replace(change[0], change[1]));
    }
  }

  @Test
  void the_store_is_refused_what_overlaps_a_raw_block() throws SQLException {
    execute(insertion(PREFIX.block(), "raw"));

    assertThat(store.commit(Blocks.set(new Change.Add(Blocks.held(ADDRESS, "cf/cell/0")))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(((Refusal.Overlap) refused.refusal()).holder().owner().id())
                    .isEqualTo("raw"));
  }

  @Test
  void a_block_of_one_family_is_in_no_way_of_the_other() {
    Blocks.commit(store, new Change.Add(Blocks.held("::/0", "all")));

    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).hasSize(2);
  }

  @Test
  void a_raw_update_may_not_move_a_block() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));
    execute("INSERT INTO space (name) VALUES ('raw')");

    for (String change :
        List.of(
            "first = '2001:db8::'",
            "last = '2001:dba::'",
            "family = 4",
            "space = (SELECT max(id) FROM space)")) {
      assertRefused(MOVES, "UPDATE block SET " + change + " WHERE owner = 'cf/cell/0'");
    }
  }

  @Test
  void a_raw_block_takes_its_owners_slot() throws SQLException {
    execute(insertion(PREFIX.block(), "cf/cell/0"));

    assertRefused(NOT_UNIQUE, insertion(IpPrefix.parse("2001:db8:9::/80"), "cf/cell/0"));
    assertRefused(NOT_UNIQUE, "UPDATE block SET owner = 'cf/cell/0'");
    assertThat(
            store.commit(Blocks.set(new Change.Add(Blocks.held("2001:db8:9::/80", "cf/cell/0")))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.SlotTaken.class));
  }

  @Test
  void names_that_differ_in_case_or_in_spaces_behind_are_different() throws SQLException {
    execute(insertion(IpPrefix.parse("2001:db8:1::/80"), "cf/cell"));
    execute(insertion(IpPrefix.parse("2001:db8:2::/80"), "cf/Cell"));
    execute(insertion(IpPrefix.parse("2001:db8:3::/80"), "cf/cell "));

    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).hasSize(4);
  }

  @Test
  void a_raw_row_is_checked() {
    String row = insertion(IpPrefix.parse("2001:db8:9::/80"), "raw");
    for (String[] change :
        List.of(
            new String[] {"'2001:db8:9::'", "'no address'"},
            new String[] {"'2001:db8:9::'", "NULL"},
            new String[] {"'2001:db8:9::'", "'2001:db8:a::'"},
            new String[] {", 6, ", ", 4, "},
            new String[] {"'raw'", "''"},
            new String[] {"'raw'", "NULL"},
            new String[] {"0, 0, 0", "3, 0, 0"},
            new String[] {"0, 0, 0", "0, 3, 0"},
            new String[] {"0, 0, 0", "0, 2, 0"},
            new String[] {"(1, 6,", "(99, 6,"})) {
      assertThat(row).contains(change[0]);
      assertThatThrownBy(() -> execute(row.replace(change[0], change[1])))
          .as(change[1])
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void what_happened_is_neither_changed_nor_forgotten() {
    for (String sql :
        List.of(
            "DELETE FROM trail",
            "UPDATE trail SET at = 0",
            "TRUNCATE trail",
            "REPLACE INTO trail SELECT * FROM trail",
            "DELETE FROM space",
            "UPDATE space SET name = 'other'",
            "TRUNCATE space",
            "DELETE FROM revision",
            "TRUNCATE revision")) {
      assertThatThrownBy(() -> execute(sql))
          .as(sql)
          .hasMessageMatching("(?s).*(never|Cannot truncate).*");
    }

    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
  }

  @Test
  void a_raw_owner_that_is_none_is_reported_when_it_is_read() throws SQLException {
    execute(insertion(PREFIX.block(), "raw").replace("'raw'", "'two\\nlines'"));

    assertReported("control character");
  }

  @Test
  void a_raw_range_that_is_no_block_is_reported_when_it_is_read() throws SQLException {
    execute(insertion(PREFIX.block(), "raw").replace("'2001:db8:0:0:1::'", "'2001:db8:0:0:1::2'"));

    assertReported("host bits are set");
  }

  private void assertReported(String reason) {
    assertThatThrownBy(() -> store.snapshot(AddressSpace.DEFAULT))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
  void raw_writers_never_both_get_a_prefix_and_an_address_inside(String isolation)
      throws Exception {
    try (Connection other = DriverManager.getConnection(location)) {
      for (Connection each : List.of(raw, other)) {
        isolate(each, isolation);
      }
      race(
          (prefix, owner) -> insert(raw, prefix, owner),
          (inside, owner) -> insert(other, inside, owner));
    }
  }

  private void race(RawRace.Taking one, RawRace.Taking other) throws Exception {
    execute(SLOWLY);
    try {
      RawRace.run(store, ROUNDS, one, other);
    } finally {
      execute("DROP TRIGGER slowly");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
  void a_block_whose_removal_is_taken_back_was_in_the_way_all_the_time(String isolation)
      throws Exception {
    Blocks.commit(store, new Change.Add(PREFIX));
    isolate(raw, isolation);
    try (Connection other = DriverManager.getConnection(location);
        Statement removal = other.createStatement()) {
      other.setAutoCommit(false);
      removal.execute("DELETE FROM block WHERE owner = 'cf/cell/0'");
      CompletableFuture<Boolean> taking =
          CompletableFuture.supplyAsync(() -> copyUnchecked(raw, ADDRESS, "raw"));
      MariaServer.shared().awaitOneThatWaits(taking::isDone);
      other.rollback();

      assertThat(taking.get()).isFalse();
    }
  }

  /** By a statement in whose triggers the engine reads without locks unless it is told to. */
  private static boolean copyUnchecked(Connection by, IpPrefix block, String owner) {
    try {
      String values = insertion(block, owner).replace("VALUES (", "SELECT ");
      return executed(by, values.substring(0, values.length() - 1));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each has looked before, so that at some levels it goes on seeing what was there then. */
  private static void isolate(Connection connection, String isolation) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL " + isolation);
    }
  }

  @Test
  void raw_writers_that_commit_each_row_never_both_get_one() throws Exception {
    try (Connection other = DriverManager.getConnection(location)) {
      race(
          (prefix, owner) -> insert(raw, prefix, owner),
          (inside, owner) -> insert(other, inside, owner));
    }
  }

  @Test
  void a_raw_writer_and_the_store_never_both_get_a_prefix_and_an_address_inside() throws Exception {
    race(
        (prefix, owner) -> insert(raw, prefix, owner),
        (inside, owner) ->
            store.commit(Blocks.set(new Change.Add(Blocks.held(inside, owner))))
                instanceof Committed);
  }

  private static boolean insert(Connection by, IpPrefix block, String owner) throws SQLException {
    return executed(by, insertion(block, owner));
  }

  private static boolean executed(Connection by, String insertion) throws SQLException {
    try (Statement statement = by.createStatement()) {
      if (!by.getAutoCommit()) {
        statement.executeQuery("SELECT count(*) FROM block").close();
      }
      statement.execute(insertion);
      if (!by.getAutoCommit()) {
        by.commit();
      }
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isIn(OVERLAPS, DEADLOCK);
      if (!by.getAutoCommit()) {
        by.rollback();
      }
      return false;
    }
  }

  /** Into the first space that the store has made. */
  private static String insertion(IpPrefix block, String owner) {
    return "INSERT INTO block (space, family, first, last, owner, incarnation, network, kind,"
        + " state, since) VALUES (1, 6, '%s', '%s', '%s', '', 'default', 0, 0, 0)"
            .formatted(block.first(), block.last(), owner);
  }

  private void assertRefused(String state, String sql) {
    assertThatThrownBy(() -> execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo(state));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }
}
