package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Dualstack;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.impl.store.sqlite.WriteLock;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an embedder hears of other processes that write his file. */
class BusyStoreTest {
  private static final int MOST_TRIES = 200;
  private static final Subnet CELLS = Subnet.of(IpPrefix.parse("10.0.0.0/24")).build();

  private final RecordingMeters meters = new RecordingMeters();
  @TempDir private Path folder;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ips.db"));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void only_a_wait_for_others_is_told_also_one_in_vain() throws SQLException {
    try (Connection own = connect();
        Connection other = connect()) {
      execute(own, "PRAGMA busy_timeout = 0");
      WriteLock impatient = new WriteLock(own, Duration.ZERO, meters);
      impatient.whenFree();
      execute(own, "ROLLBACK");
      execute(other, "BEGIN IMMEDIATE");
      assertThatThrownBy(impatient::whenFree).isInstanceOf(SQLException.class);
      assertThat(meters.isEmpty()).isTrue();

      WriteLock patient = new WriteLock(own, Duration.ofMillis(200), meters);
      assertThatThrownBy(patient::whenFree).isInstanceOf(SQLException.class);

      assertThat(meters.timed("storeBusy")).containsExactly(Map.of());
      assertThat(meters.nanos("storeBusy")).isPositive();
    }
  }

  @Test
  void an_open_library_tells_its_meters() throws SQLException {
    try (Dualstack dualstack =
            Dualstack.builder().store("sqlite:" + folder.resolve("ips.db")).meters(meters).build();
        Connection other = connect()) {
      for (int i = 0; i < MOST_TRIES && meters.timed("storeBusy").isEmpty(); i++) {
        NetworkSet networks =
            NetworkSet.of(new NetworkDefinition.Manual("try-" + i, List.of(CELLS)));
        execute(other, "BEGIN IMMEDIATE");
        CompletableFuture<Void> defined =
            CompletableFuture.runAsync(() -> dualstack.allocator().define(networks));
        LockSupport.parkNanos(5_000_000);
        execute(other, "ROLLBACK");
        defined.join();
      }
    }
    assertThat(meters.timed("storeBusy")).isNotEmpty();
  }
}
