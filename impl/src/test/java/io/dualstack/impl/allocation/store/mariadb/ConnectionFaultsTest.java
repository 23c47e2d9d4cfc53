package io.dualstack.impl.allocation.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.CutCommits;
import io.dualstack.impl.store.mariadb.MariaServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What callers are told when the connection or the server fails them, and what is kept. */
class ConnectionFaultsTest extends CutCommits {

  ConnectionFaultsTest() {
    super(MariaServer.shared(), new MariaStoreFactory());
  }

  @Test
  void a_connection_that_is_lost_between_calls_is_not_noticed() throws SQLException {
    Blocks.commit(store, new Change.Add(HELD));
    store.revision();
    for (long id :
        numbers(
            "SELECT id FROM information_schema.processlist WHERE db = database()"
                + " AND id <> connection_id()")) {
      execute("KILL " + id);
    }

    assertThat(store.revision()).isEqualTo(1);
    assertThat(meters.timed("storeBusy")).isEmpty();
    assertThat(Blocks.commit(store, new Change.Remove(HELD))).isEqualTo(2);
    assertThat(meters.timed("storeBusy")).hasSize(1);
  }

  @Test
  void a_deadlock_with_a_raw_writer_is_tried_again() throws Exception {
    AllocatedBlock other = Blocks.held("2001:db8:0:0:2::/80", "cf/cell/1");
    Blocks.commit(store);
    try (Connection raw = DriverManager.getConnection(location)) {
      raw.setAutoCommit(false);
      // Heavier than the store's, so that the engine ends the store's.
      for (int i = 0; i < 50; i++) {
        execute(
            raw,
            insertion(Blocks.held("2001:db8:9::" + Integer.toHexString(i) + "/128", "raw" + i)));
      }
      CompletableFuture<Object> committing =
          CompletableFuture.supplyAsync(
              () -> store.commit(Blocks.set(new Change.Add(HELD), new Change.Add(other))));
      MariaServer.shared().awaitOneThatWaits(committing::isDone);
      // The row that the store has locked.
      execute(raw, "UPDATE revision SET value = value");
      raw.rollback();

      assertThat(committing.get()).isEqualTo(new Committed(2));
    }
    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(HELD, other);
  }

  @Test
  void a_server_that_can_only_be_read_is_read() throws SQLException {
    Blocks.commit(store, new Change.Add(HELD));
    String poor = poorUser();
    execute("SET GLOBAL read_only = 1");
    try (AllocationStore reader = new MariaStoreFactory().open(poor)) {
      assertThat(reader.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(HELD);
      assertThatThrownBy(() -> reader.commit(Blocks.set(new Change.Remove(HELD))))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("it can't be written, as it is a replica or set read-only");
    } finally {
      execute("SET GLOBAL read_only = 0");
    }
  }

  @Test
  void a_server_without_connections_left_says_so() throws SQLException {
    String poor = poorUser();
    execute("ALTER USER poor WITH MAX_USER_CONNECTIONS 1");
    try (Connection held = DriverManager.getConnection(poor)) {
      assertThatThrownBy(() -> new MariaStoreFactory().open(poor))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
          .hasMessageContaining("the server has no connection left");
    }
  }

  /** Makes a user who may do all with this database, and nothing else. */
  private String poorUser() throws SQLException {
    execute("DROP USER IF EXISTS poor");
    execute("CREATE USER poor IDENTIFIED BY 's3cret'");
    execute("GRANT ALL ON " + location.replaceFirst(".*/([^/?]+)[?].*", "$1") + ".* TO poor");
    return location.replace("user=root", "user=poor&password=s3cret");
  }

  private static String insertion(AllocatedBlock block) {
    return "INSERT INTO block (space, family, first, last, owner, incarnation, network, kind,"
        + " state, since) VALUES (1, 6, '%s', '%s', '%s', '', 'default', 0, 0, 0)"
            .formatted(block.block().first(), block.block().last(), block.owner());
  }

  private List<Long> numbers(String sql) throws SQLException {
    List<Long> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(location);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getLong(1));
      }
    }
    return found;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(location)) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
