package io.dualstack.impl.allocation.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.CopyReport;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.impl.allocation.store.sqlite.SqliteAllocationStore;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.net.IpPrefix;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoreCopyTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final AddressSpace OTHER = new AddressSpace("other");

  @TempDir private Path folder;
  private final AllocationStore from = new MemoryAllocationStore();
  private final AllocationStore to = new MemoryAllocationStore();

  @AfterEach
  void close() {
    from.close();
    to.close();
  }

  private static AllocatedBlock held(String cidr, String owner) {
    return AllocatedBlock.active(
        IpPrefix.parse(cidr),
        new Owner(owner),
        "vm-1",
        "default",
        "z1",
        AllocationKind.DYNAMIC,
        NOON);
  }

  private static void commit(AllocationStore store, AddressSpace space, Change... changes) {
    long second = store.revision();
    assertThat(store.commit(new ChangeSet(space, NOON.plusSeconds(second), List.of(changes))))
        .isInstanceOf(Committed.class);
  }

  /** Two spaces, every event, sets that leave no line at the beginning, between and at the end. */
  private void fill() {
    AllocatedBlock one = held("2001:db8:0:0:1::/80", "cf/cell/1");
    AllocatedBlock two = held("10.0.0.2/32", "cf/cell/2");
    AllocatedBlock again = two.relabelled("vm-2", "default", "z2", AllocationKind.STATIC);
    commit(from, AddressSpace.DEFAULT, new Change.PutDocument("networks", "[]"));
    commit(from, AddressSpace.DEFAULT, new Change.Add(one), new Change.Add(two));
    commit(from, OTHER, new Change.Add(two), new Change.PutDocument("key", "text"));
    commit(from, AddressSpace.DEFAULT, new Change.Replace(two, again));
    commit(from, OTHER, new Change.PutDocument("gone", "soon"));
    commit(from, OTHER, new Change.RemoveDocument("gone"));
    commit(from, AddressSpace.DEFAULT, new Change.Replace(again, again.obsolete()));
    commit(
        from,
        AddressSpace.DEFAULT,
        new Change.Replace(again.obsolete(), again.quarantined(NOON.plusSeconds(60))),
        new Change.Remove(one),
        new Change.Add(held("2001:db8::/64", "cf/router/0")));
    commit(from, OTHER, new Change.PutDocument("other", "text"));
  }

  private void assertSame(AllocationStore original, AllocationStore copy) {
    for (AddressSpace space : original.spaces()) {
      assertThat(copy.snapshot(space).blocks()).isEqualTo(original.snapshot(space).blocks());
      assertThat(copy.changesSince(space, 0)).isEqualTo(original.changesSince(space, 0));
      assertThat(copy.documents(space, "")).isEqualTo(original.documents(space, ""));
    }
    assertThat(StoreCheck.run(copy).findings()).isEmpty();
  }

  @Test
  void blocks_trail_and_documents_are_the_same() {
    fill();

    CopyReport report = StoreCopy.run(from, to);

    assertSame(from, to);
    assertThat(report).isEqualTo(new CopyReport("memory:", "memory:", 9, 3, 3, true));
  }

  private interface Opening {
    AllocationStore open(Path folder);
  }

  static List<Named<Opening>> databases() {
    return List.of(
        Named.of("a file", folder -> SqliteAllocationStore.open(folder.resolve("copy.db"))),
        Named.of(
            "PostgreSQL",
            folder ->
                StandardDualstackFactory.openStore(PostgresServer.shared().locationOf(folder))),
        Named.of(
            "MariaDB",
            folder -> StandardDualstackFactory.openStore(MariaServer.shared().locationOf(folder))));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void to_a_database_and_back(Opening opening) {
    fill();
    try (AllocationStore database = opening.open(folder)) {
      StoreCopy.run(from, database);
      StoreCopy.run(database, to);

      assertSame(from, database);
      assertSame(from, to);
    }
  }

  @Test
  void a_second_copy_changes_nothing() {
    fill();
    StoreCopy.run(from, to);
    long revision = to.revision();

    assertThat(StoreCopy.run(from, to).changed()).isFalse();
    assertThat(to.revision()).isEqualTo(revision);
  }

  @Test
  void a_copy_that_was_cut_short_is_carried_on_with() {
    fill();
    StoreCopy.run(from, to);
    for (int cut = 1; cut < to.revision(); cut++) {
      AllocationStore part = new MemoryAllocationStore();
      AllocationStore cutOff = cutOffAfter(cut, part);
      assertThatThrownBy(() -> StoreCopy.run(from, cutOff))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(part.revision()).isEqualTo(cut);

      assertThat(StoreCopy.run(from, part).changed()).isTrue();
      assertSame(from, part);
      part.close();
    }
  }

  /** Fails when it has committed so many sets, like a process that is killed then. */
  private static AllocationStore cutOffAfter(int sets, AllocationStore real) {
    return (AllocationStore)
        Proxy.newProxyInstance(
            AllocationStore.class.getClassLoader(),
            new Class<?>[] {AllocationStore.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("commitAll")) {
                return method.invoke(real, arguments);
              }
              List<?> wanted = (List<?>) arguments[0];
              int left = Math.min(wanted.size(), (int) (sets - real.revision()));
              Object results = method.invoke(real, wanted.subList(0, left));
              if (left < wanted.size()) {
                throw new StoreUnavailableException("cut off", true, null);
              }
              return results;
            });
  }

  @Test
  void long_histories_travel_in_parts() {
    for (int n = 0; n < 3_000; n++) {
      AllocatedBlock held = held("2001:db8::%x/128".formatted(n), "cf/cell/" + n);
      commit(from, AddressSpace.DEFAULT, new Change.Add(held), new Change.Remove(held));
      commit(from, OTHER, new Change.PutDocument("key", "text " + n));
      commit(from, OTHER, new Change.Add(held));
    }

    StoreCopy.run(from, to);

    assertSame(from, to);
  }

  @Test
  void a_store_with_other_blocks_is_left_alone() {
    fill();
    commit(to, AddressSpace.DEFAULT, new Change.PutDocument("networks", "[]"));
    commit(to, AddressSpace.DEFAULT, new Change.Add(held("192.0.2.1/32", "x")));

    assertRefused("differs from the original at revision 2");
  }

  @Test
  void a_store_with_other_documents_is_left_alone() {
    fill();
    commit(to, AddressSpace.DEFAULT, new Change.PutDocument("networks", "[{}]"));

    assertRefused("has other documents in space default");
  }

  @Test
  void a_copy_that_went_its_own_way_is_left_alone() {
    fill();
    StoreCopy.run(from, to);
    commit(to, AddressSpace.DEFAULT, new Change.Add(held("192.0.2.1/32", "x")));

    assertRefused("has a revision 12 that the original hasn't");
  }

  @Test
  void an_empty_store_is_not_copied() {
    assertThatThrownBy(() -> StoreCopy.run(from, to))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("holds nothing");
  }

  private void assertRefused(String reason) {
    long revision = to.revision();

    assertThatThrownBy(() -> StoreCopy.run(from, to))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(reason);
    assertThat(to.revision()).isEqualTo(revision);
  }
}
