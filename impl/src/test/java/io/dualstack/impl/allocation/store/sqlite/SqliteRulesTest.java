package io.dualstack.impl.allocation.store.sqlite;

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
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the database refuses to those who write it without the store. */
class SqliteRulesTest {
  private static final AllocatedBlock PREFIX = Blocks.held("2001:db8:0:0:1::/80", "cf/cell/0");
  private static final IpPrefix ADDRESS = IpPrefix.parse("2001:db8::1:0:0:42/128");

  @TempDir private Path folder;
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void open() throws SQLException {
    Path file = folder.resolve("ips.db");
    store = SqliteAllocationStore.open(file);
    Blocks.commit(store, new Change.PutDocument("makes", "the space"));
    Blocks.commit(store, new Change.Add(Blocks.held("10.0.0.0/24", "cf/router/0")));
    raw = DriverManager.getConnection("jdbc:sqlite:" + file);
    execute("PRAGMA busy_timeout = 10000");
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  @Test
  void a_raw_address_inside_a_prefix_is_refused() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));

    for (String verb : List.of("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE")) {
      assertOverlap(() -> insert(verb, ADDRESS, "raw"));
      assertOverlap(() -> insert(verb, PREFIX.block(), "raw"));
    }
    assertThat(store.overlapping(AddressSpace.DEFAULT, PREFIX.block())).containsExactly(PREFIX);
  }

  @Test
  void a_raw_prefix_around_an_address_is_refused() throws SQLException {
    AllocatedBlock address = Blocks.held(ADDRESS, "cf/cell/0");
    Blocks.commit(store, new Change.Add(address));

    for (String verb : List.of("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE")) {
      assertOverlap(() -> insert(verb, PREFIX.block(), "raw"));
    }
    assertThat(store.overlapping(AddressSpace.DEFAULT, PREFIX.block())).containsExactly(address);
  }

  @Test
  void the_store_is_refused_what_overlaps_a_raw_block() throws SQLException {
    insert("INSERT", PREFIX.block(), "raw");

    assertThat(store.commit(Blocks.set(new Change.Add(Blocks.held(ADDRESS, "cf/cell/0")))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(((Refusal.Overlap) refused.refusal()).holder().owner().id())
                    .isEqualTo("raw"));
  }

  @Test
  void a_raw_update_moves_no_block() throws SQLException {
    Blocks.commit(store, new Change.Add(PREFIX));
    insert("INSERT", IpPrefix.parse("2001:db8::/80"), "raw");

    for (String change :
        List.of(
            "first = first", "last = ?", "first = ?", "space = space + 1", "first = ?, last = ?")) {
      assertThatThrownBy(
              () -> {
                try (PreparedStatement update =
                    raw.prepareStatement(
                        "UPDATE OR REPLACE block SET " + change + " WHERE owner = 'raw'")) {
                  for (int n = 1; n <= update.getParameterMetaData().getParameterCount(); n++) {
                    update.setBytes(n, Rows.bytes(ADDRESS.first()));
                  }
                  update.executeUpdate();
                }
              })
          .as(change)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("its addresses never change");
    }
  }

  @Test
  void a_raw_block_takes_its_owners_slot() throws SQLException {
    insert("INSERT", PREFIX.block(), "cf/cell/0");

    assertThatThrownBy(() -> insert("INSERT", IpPrefix.parse("2001:db8:9::/80"), "cf/cell/0"))
        .hasMessageContaining("UNIQUE");
    assertThatThrownBy(() -> execute("UPDATE block SET owner = 'cf/cell/0'"))
        .hasMessageContaining("UNIQUE");
    assertThat(
            store.commit(Blocks.set(new Change.Add(Blocks.held("2001:db8:9::/80", "cf/cell/0")))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.SlotTaken.class));
  }

  @Test
  void a_raw_row_is_checked() {
    for (String columns :
        List.of(
            "x'06', x'06', 0, 0, NULL",
            "'text', 'text', 0, 0, NULL",
            "zeroblob(17), zeroblob(17), 0, 2, NULL",
            "zeroblob(17), zeroblob(17), 0, 0, 1",
            "zeroblob(17), zeroblob(17), 3, 0, NULL",
            "zeroblob(17), zeroblob(17), 0, 3, NULL",
            "x'0600000000000000000000000000000001', zeroblob(17), 0, 0, NULL")) {
      assertThatThrownBy(
              () ->
                  execute(
                      "INSERT INTO block (space, first, last, kind, state, until, owner,"
                          + " incarnation, network, since) VALUES (1, "
                          + columns
                          + ", 'raw', '', '', 0)"))
          .as(columns)
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void what_happened_is_neither_changed_nor_forgotten() {
    assertThatThrownBy(() -> execute("DELETE FROM trail")).hasMessageContaining("never forgotten");
    assertThatThrownBy(() -> execute("UPDATE trail SET lines = NULL"))
        .hasMessageContaining("never changes");

    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
  }

  @Test
  void a_raw_range_that_is_no_prefix_is_reported_when_it_is_read() throws SQLException {
    try (PreparedStatement insert = insertion("INSERT")) {
      bind(insert, IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"), "raw");
      insert.executeUpdate();
    }

    assertThatThrownBy(() -> store.snapshot(AddressSpace.DEFAULT))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining("host bits are set");
  }

  @Test
  void raw_writers_and_the_store_never_overlap_in_a_race() throws Exception {
    int rounds = 40;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < rounds; round++) {
        IpPrefix prefix = Blocks.POOL.nth(80, round);
        IpPrefix inside = IpPrefix.single(prefix.last());
        boolean rawTakesPrefix = round % 2 == 0;
        String owner = "round-" + round;
        CyclicBarrier start = new CyclicBarrier(2);

        Future<Boolean> byRaw =
            threads.submit(
                () -> {
                  start.await();
                  return succeeds(
                      () -> insert("INSERT", rawTakesPrefix ? prefix : inside, owner + "/raw"));
                });
        Future<Boolean> byStore =
            threads.submit(
                () -> {
                  start.await();
                  AllocatedBlock wanted =
                      Blocks.held(rawTakesPrefix ? inside : prefix, owner + "/store");
                  return store.commit(Blocks.set(new Change.Add(wanted))) instanceof Committed;
                });

        assertThat(byRaw.get()).as("round %s", round).isNotEqualTo(byStore.get());
        assertThat(store.overlapping(AddressSpace.DEFAULT, prefix)).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean succeeds(Callable<?> write) throws Exception {
    try {
      write.call();
      return true;
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("overlaps");
      return false;
    }
  }

  private static void assertOverlap(Callable<?> write) {
    assertThatThrownBy(write::call)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("overlaps a block that is held");
  }

  private int insert(String verb, IpPrefix block, String owner) throws SQLException {
    try (PreparedStatement insert = insertion(verb)) {
      bind(insert, block.first(), block.last(), owner);
      return insert.executeUpdate();
    }
  }

  private PreparedStatement insertion(String verb) throws SQLException {
    return raw.prepareStatement(
        verb
            + " INTO block (space, first, last, owner, incarnation, network, kind, state, since)"
            + " VALUES (?, ?, ?, ?, '', 'default', 0, 0, 0)");
  }

  private void bind(PreparedStatement insert, IpAddress first, IpAddress last, String owner)
      throws SQLException {
    insert.setInt(1, space());
    insert.setBytes(2, Rows.bytes(first));
    insert.setBytes(3, Rows.bytes(last));
    insert.setString(4, owner);
  }

  private int space() throws SQLException {
    try (Statement statement = raw.createStatement();
        ResultSet row = statement.executeQuery("SELECT id FROM space WHERE name = 'default'")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }
}
