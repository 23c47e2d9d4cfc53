package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal.Overlap;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.postgresql.CuttingProxy;
import io.dualstack.impl.store.postgresql.CuttingProxy.Cut;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers are told when the connection or the server fails them, and what is kept. */
class ConnectionFaultsTest {
  private static final AllocatedBlock HELD = Blocks.held("2001:db8:0:0:1::/80", "cf/cell/0");

  @TempDir private Path folder;
  private String location = "";
  private CuttingProxy proxy;
  private AllocationStore store;

  @BeforeEach
  void open() throws IOException {
    location = PostgresServer.shared().locationOf(folder);
    proxy = new CuttingProxy(PostgresServer.shared().port());
    // Without prepared statements, so that the proxy sees what is committed.
    store =
        new PostgresStoreFactory()
            .open(location.replaceFirst("]:[0-9]+", "]:" + proxy.port()) + "&prepareThreshold=0");
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
  }

  @Test
  void a_commit_that_the_server_never_heard_of_can_be_done_again() {
    proxy.cutNext(Cut.BEFORE_COMMIT);

    assertOutcomeUnknown();

    assertThat(store.revision()).isZero();
    assertThat(store.commit(Blocks.set(new Change.Add(HELD)))).isEqualTo(new Committed(1));
  }

  @Test
  void a_commit_whose_answer_was_lost_is_found_when_it_is_done_again() {
    proxy.cutNext(Cut.BEFORE_ANSWER);

    assertOutcomeUnknown();

    assertThat(store.commit(Blocks.set(new Change.Add(HELD))))
        .isEqualTo(new Refused(new Overlap(HELD.block(), HELD)));
    assertThat(store.revision()).isEqualTo(1);
    assertThat(store.changesSince(AddressSpace.DEFAULT, 0)).hasSize(1);
  }

  private void assertOutcomeUnknown() {
    assertThatThrownBy(() -> store.commit(Blocks.set(new Change.Add(HELD))))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageStartingWith(store.location())
        .hasMessageContaining("is now there as a whole or not at all; ask again");
    assertThat(proxy.isArmed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void an_owner_who_asks_again_after_a_cut_gets_one_block(Cut where) {
    PrefixAllocator allocator =
        new StoreBackedAllocator(
            store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, Clock.systemUTC());
    Subnet subnet = Subnet.of(IpPrefix.parse("2001:db8::/64")).prefixLength(80).build();
    allocator.define(NetworkSet.of(new NetworkDefinition.Manual("cells", List.of(subnet))));
    allocator.allocate(request("cf/router/0"));
    AllocationRequest request = request("cf/cell/0");
    proxy.cutNext(where);

    assertThatThrownBy(() -> allocator.allocate(request))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(proxy.isArmed()).isFalse();
    assertThat(allocator.allocate(request).blocks())
        .containsExactlyElementsOf(allocator.blocks(OwnerScope.below("cf/cell")))
        .hasSize(1);
    allocator.allocate(request("cf/cell/1"));
    assertThat(StoreCheck.run(store).findings()).isEmpty();
  }

  private static AllocationRequest request(String owner) {
    return AllocationRequest.forOwner(owner).from("cells").build();
  }

  @Test
  void a_connection_that_is_lost_between_calls_is_not_noticed() throws SQLException {
    Blocks.commit(store, new Change.Add(HELD));
    store.revision();
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND pid <> pg_backend_pid()");

    assertThat(store.revision()).isEqualTo(1);
    assertThat(Blocks.commit(store, new Change.Remove(HELD))).isEqualTo(2);
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
