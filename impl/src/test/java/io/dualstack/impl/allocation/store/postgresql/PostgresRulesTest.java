package io.dualstack.impl.allocation.store.postgresql;

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
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the database refuses to those who write it without the store. */
class PostgresRulesTest {
  private static final AllocatedBlock PREFIX = Blocks.held("2001:db8:0:0:1::/80", "cf/cell/0");
  private static final IpPrefix ADDRESS = IpPrefix.parse("2001:db8::1:0:0:42/128");

  private static final int ROUNDS = 40;

  private static final String OVERLAPS = "23P01";
  private static final String DEADLOCK = "40P01";
  private static final String NOT_UNIQUE = "23505";

  @TempDir private Path folder;
  private String location = "";
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void open() throws SQLException {
    location = PostgresServer.shared().locationOf(folder);
    store = new PostgresStoreFactory().open(location);
    Blocks.commit(store, new Change.Add(Blocks.held("10.0.0.0/24", "cf/router/0")));
    raw = connect();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(location + "&currentSchema=dualstack");
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  @Test
  void a_raw_address_inside_a_prefix_is_refused() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));

    assertRefused(OVERLAPS, insertion(ADDRESS, "raw"));
    assertRefused(OVERLAPS, insertion(PREFIX.block(), "raw"));
    execute(insertion(ADDRESS, "raw") + " ON CONFLICT DO NOTHING");
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
  void a_raw_update_may_not_move_a_block_onto_another() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));
    execute(insertion(IpPrefix.parse("2001:db8:9::/80"), "raw"));

    assertRefused(OVERLAPS, "UPDATE block SET block = '" + ADDRESS + "' WHERE owner = 'raw'");
    assertRefused(OVERLAPS, "UPDATE block SET block = '2001:db8::/32' WHERE owner = 'raw'");
  }

  @Test
  void a_raw_block_moved_from_another_space_is_refused_what_overlaps() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));
    execute("INSERT INTO space (name) VALUES ('raw')");
    execute(insertion(ADDRESS, "raw").replace("'default'", "'raw'"));

    assertRefused(
        OVERLAPS,
        "UPDATE block SET space = (SELECT id FROM space WHERE name = 'default')"
            + " WHERE owner = 'raw'");
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
  void a_raw_row_is_checked() {
    String row = insertion(IpPrefix.parse("2001:db8:9::/80"), "raw");
    for (String[] change :
        List.of(
            new String[] {"'2001:db8:9::/80'", "'2001:db8:9::1/80'"},
            new String[] {"'2001:db8:9::/80'", "'no address'"},
            new String[] {"'2001:db8:9::/80'", "NULL"},
            new String[] {"'raw'", "''"},
            new String[] {"'raw'", "repeat('x', 513)"},
            new String[] {"0, 0, 0", "3, 0, 0"},
            new String[] {"0, 0, 0", "0, 3, 0"},
            new String[] {"0, 0, 0", "0, 2, 0"},
            new String[] {"(SELECT id FROM space WHERE name = 'default')", "99"})) {
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
            "DELETE FROM space",
            "DELETE FROM revision")) {
      assertThatThrownBy(() -> execute(sql)).as(sql).hasMessageContaining("never");
    }

    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
  }

  @Test
  void a_raw_owner_that_is_none_is_reported_when_it_is_read() throws SQLException {
    execute(insertion(PREFIX.block(), "raw").replace("'raw'", "E'two\\nlines'"));

    assertThatThrownBy(() -> store.snapshot(AddressSpace.DEFAULT))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining("control character");
  }

  @Test
  void raw_writers_never_both_get_a_prefix_and_an_address_inside() throws Exception {
    try (Connection other = connect()) {
      RawRace.run(
          store,
          ROUNDS,
          (prefix, owner) -> insert(raw, prefix, owner),
          (inside, owner) -> insert(other, inside, owner));
    }
  }

  @Test
  void raw_writers_whose_transactions_overlap_never_both_commit() throws Exception {
    try (Connection other = connect()) {
      raw.setAutoCommit(false);
      other.setAutoCommit(false);
      RawRace.run(
          store,
          ROUNDS,
          (prefix, owner) -> insert(raw, prefix, owner),
          (inside, owner) -> insert(other, inside, owner));
    }
  }

  @Test
  void a_raw_writer_and_the_store_never_both_get_a_prefix_and_an_address_inside() throws Exception {
    RawRace.run(
        store,
        ROUNDS,
        (prefix, owner) -> insert(raw, prefix, owner),
        (inside, owner) ->
            store.commit(Blocks.set(new Change.Add(Blocks.held(inside, owner))))
                instanceof Committed);
  }

  private static boolean insert(Connection by, IpPrefix block, String owner) throws SQLException {
    try (Statement statement = by.createStatement()) {
      statement.execute(insertion(block, owner));
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

  private static String insertion(IpPrefix block, String owner) {
    return "INSERT INTO block (space, block, owner, incarnation, network, kind, state, since)"
        + " VALUES ((SELECT id FROM space WHERE name = 'default'), '%s', '%s', '', 'default', 0, 0, 0)"
            .formatted(block, owner);
  }

  private void assertRefused(String state, String sql) {
    assertThatThrownBy(() -> execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo(state));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }
}
