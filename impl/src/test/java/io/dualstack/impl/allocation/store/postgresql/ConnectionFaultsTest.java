package io.dualstack.impl.allocation.store.postgresql;

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
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What callers are told when the connection or the server fails them, and what is kept. */
class ConnectionFaultsTest extends CutCommits {

  ConnectionFaultsTest() {
    super(PostgresServer.shared(), new PostgresStoreFactory());
  }

  @Test
  void a_connection_that_is_lost_between_calls_is_not_noticed() throws SQLException {
    Blocks.commit(store, new Change.Add(HELD));
    store.revision();
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND pid <> pg_backend_pid()");

    assertThat(store.revision()).isEqualTo(1);
    assertThat(meters.timed("storeBusy")).isEmpty();
    assertThat(Blocks.commit(store, new Change.Remove(HELD))).isEqualTo(2);
    assertThat(meters.timed("storeBusy")).hasSize(1);
  }

  @Test
  void a_deadlock_with_a_raw_writer_is_tried_again() throws Exception {
    AllocatedBlock other = Blocks.held("2001:db8:0:0:2::/80", "cf/cell/1");
    Blocks.commit(store);
    try (Connection raw = connect()) {
      // So that the store is the one who finds the deadlock, and is sent back.
      execute(raw, "SET deadlock_timeout = '60s'");
      raw.setAutoCommit(false);
      execute(raw, insertion(other));

      CompletableFuture<Object> committing =
          CompletableFuture.supplyAsync(
              () -> store.commit(Blocks.set(new Change.Add(HELD), new Change.Add(other))));
      awaitOneThatWaits();
      execute(raw, insertion(HELD));
      raw.rollback();

      assertThat(committing.get()).isEqualTo(new Committed(2));
    }
    assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(HELD, other);
  }

  private void awaitOneThatWaits() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      boolean waits = false;
      while (!waits) {
        try (var row =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND datname = current_database())")) {
          row.next();
          waits = row.getBoolean(1);
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Test
  void a_database_that_can_only_be_read_is_read() throws SQLException {
    Blocks.commit(store, new Change.Add(HELD));
    execute("ALTER DATABASE " + database() + " SET default_transaction_read_only = on");
    try (AllocationStore reader = new PostgresStoreFactory().open(location)) {
      assertThat(reader.snapshot(AddressSpace.DEFAULT).blocks()).containsExactly(HELD);
      assertThatThrownBy(() -> reader.commit(Blocks.set(new Change.Remove(HELD))))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("it can't be written, as it is a standby or set read-only");
    } finally {
      try (Connection raw = connect()) {
        execute(raw, "SET default_transaction_read_only = off");
        execute(raw, "ALTER DATABASE " + database() + " RESET default_transaction_read_only");
      }
    }
  }

  private String database() {
    return location.replaceFirst(".*/([^/?]+)[?].*", "$1");
  }

  private static String insertion(AllocatedBlock block) {
    return "INSERT INTO block (space, block, owner, incarnation, network, kind, state, since)"
        + " VALUES ((SELECT id FROM space), '%s', '%s', '', 'default', 0, 0, 0)"
            .formatted(block.block(), block.owner());
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(location + "&currentSchema=dualstack");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
