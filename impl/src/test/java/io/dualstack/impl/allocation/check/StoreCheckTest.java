package io.dualstack.impl.allocation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Diagnostic;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.StoreReport;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.impl.allocation.store.sqlite.SqliteAllocationStore;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that somebody has written to past the allocator, with the rules out of the way. */
class StoreCheckTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final AddressSpace LEASES = new AddressSpace("leases");

  @TempDir private Path folder;
  private AllocationStore store;
  private Connection raw;

  @BeforeEach
  void fill() throws SQLException {
    Path file = folder.resolve("ips.db");
    store = SqliteAllocationStore.open(file);
    AllocatedBlock resting = held("2001:db8:0:0:3::/80", "cf/cell/3");
    commit(new Change.Add(held("2001:db8:0:0:1::/80", "cf/cell/1")));
    commit(new Change.Add(held("2001:db8:0:0:2::/80", "cf/cell/2")), new Change.Add(resting));
    commit(new Change.Replace(resting, resting.quarantined(NOON.plusSeconds(60))));
    new StoreLeaseRegistry(
            store,
            LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24),
            Clock.systemUTC(),
            new Random(42))
        .acquire(IpAddress.parse("10.0.0.1"), LeaseKind.BLOCK);
    raw = DriverManager.getConnection("jdbc:sqlite:" + file);
    execute("PRAGMA busy_timeout = 10000");
  }

  @AfterEach
  void close() throws SQLException {
    raw.close();
    store.close();
  }

  private static AllocatedBlock held(String cidr, String owner) {
    return AllocatedBlock.active(
        IpPrefix.parse(cidr),
        new Owner(owner),
        "vm-1",
        "default",
        null,
        AllocationKind.DYNAMIC,
        NOON);
  }

  private void commit(Change... changes) {
    commit(AddressSpace.DEFAULT, changes);
  }

  private void commit(AddressSpace space, Change... changes) {
    assertThat(store.commit(new ChangeSet(space, NOON, List.of(changes))))
        .isInstanceOf(Committed.class);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = raw.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<Diagnostic> findings() {
    StoreReport report = StoreCheck.run(store);
    assertThat(report.isSound()).isFalse();
    return report.findings();
  }

  private void assertFound(String path, String code, String... words) {
    assertThat(findings())
        .filteredOn(found -> found.code().equals(code))
        .singleElement()
        .satisfies(found -> assertThat(found.path()).isEqualTo(path))
        .satisfies(found -> assertThat(found.source()).isEqualTo(store.location()))
        .satisfies(found -> assertThat(found.message()).contains(words));
  }

  @Test
  void what_the_library_wrote_is_sound() {
    StoreReport report = StoreCheck.run(store);

    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.spaces()).isEqualTo(2);
    assertThat(report.blocks()).isEqualTo(4);
    assertThat(report.revision()).isEqualTo(4);
  }

  @Test
  void a_block_inside_another() throws SQLException {
    execute("DROP TRIGGER block_overlaps");
    execute(
        "INSERT INTO block (space, first, last, owner, incarnation, network, kind, state, since)"
            + " SELECT space, last, last, 'cf/rogue/0', '', 'n', 0, 0, since FROM block"
            + " WHERE owner = 'cf/cell/1'");

    assertFound(
        "space default",
        "BlocksOverlap",
        "2001:db8::1:ffff:ffff:ffff/128 of cf/rogue/0 lies in 2001:db8:0:0:1::/80 of cf/cell/1");
    assertFound("space default", "TrailDiffers", "free", "cf/rogue/0");
  }

  @Test
  void a_slot_that_is_taken_twice() throws SQLException {
    execute("DROP INDEX block_slot");
    execute("UPDATE block SET owner = 'cf/cell/1' WHERE owner = 'cf/cell/2'");
    execute("CREATE INDEX block_slot ON block (space, owner, network, slot)");

    assertFound("space default", "SlotTakenTwice", "cf/cell/1", "default", "2001:db8:0:0:2::/80");
  }

  @Test
  void a_block_that_changed_behind_the_trail() throws SQLException {
    execute("UPDATE block SET incarnation = 'vm-9' WHERE owner = 'cf/cell/2'");

    assertFound("space default", "TrailDiffers", "vm-1", "vm-9", "2001:db8:0:0:2::/80");
  }

  @Test
  void a_block_that_vanished_behind_the_trail() throws SQLException {
    execute("DELETE FROM block WHERE owner = 'cf/cell/3'");

    assertFound("space default", "TrailDiffers", "2001:db8:0:0:3::/80", "but it is free");
  }

  @Test
  void a_trail_that_can_not_have_happened() throws SQLException {
    execute("DROP TRIGGER trail_shrinks");
    execute("DELETE FROM trail WHERE id = 2 * 65536");

    assertFound(
        "space default",
        "TrailImpossible",
        "revision 3",
        "2001:db8:0:0:3::/80",
        "nothing was held");
  }

  @Test
  void networks_that_can_not_be_read() {
    commit(new Change.PutDocument("networks", "{"));

    assertFound("space default, networks", "Unreadable", "networks");
  }

  @Test
  void a_lease_without_its_block() {
    AllocatedBlock block = store.snapshot(LEASES).blocks().get(0);
    commit(LEASES, new Change.Remove(block));

    assertFound("leases", "LeaseInconsistent", "10.0.0.1", "holds null");
  }

  @Test
  void a_block_and_a_hardware_address_without_their_lease() {
    commit(LEASES, new Change.RemoveDocument("lease/10.0.0.1"));

    assertThat(findings())
        .extracting(Diagnostic::message)
        .hasSize(2)
        .allMatch(message -> message.endsWith("without a lease"));
  }

  @Test
  void a_lease_that_makes_no_sense() {
    commit(LEASES, new Change.PutDocument("lease/10.0.0.2", "nonsense"));

    assertFound("leases", "LeaseInconsistent", "lease/10.0.0.2", "nonsense");
  }

  @Test
  void of_many_the_first_hundred_are_told_and_how_many_more() throws SQLException {
    for (int n = 0; n < 150; n++) {
      commit(new Change.Add(held("10.0.0." + n + "/32", "cf/router/" + n)));
    }
    execute("DELETE FROM block WHERE owner LIKE 'cf/router/%'");

    assertThat(findings())
        .hasSize(101)
        .last()
        .satisfies(found -> assertThat(found.message()).isEqualTo("and 50 more like these"));
  }

  @Test
  void a_store_that_can_not_be_reached_is_no_finding() {
    store.close();

    assertThatThrownBy(() -> StoreCheck.run(store)).isInstanceOf(StoreUnavailableException.class);
  }
}
