package io.dualstack.impl.provider.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Change.PutDocument;
import io.dualstack.allocation.spi.Change.RemoveDocument;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.impl.allocation.store.memory.MemoryStoreFactory;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreJournalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Documents store = new Documents();
  private final StoreJournal journal = journal("aws");

  private StoreJournal journal(String provider) {
    return new StoreJournal(
        store, AddressSpace.DEFAULT, provider, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void an_update_is_one_change_set_without_conditions() {
    journal.update(Map.of("old", "1"), Set.of());

    journal.update(Map.of("new", "2"), Set.of("old"));

    assertThat(store.committed.get(1))
        .isEqualTo(
            new ChangeSet(
                AddressSpace.DEFAULT,
                NOW,
                List.of(
                    new RemoveDocument("provider/aws/old"),
                    new PutDocument("provider/aws/new", "2"))));
    assertThat(journal.list("")).isEqualTo(Map.of("new", "2"));
  }

  @Test
  void providers_see_their_own_entries_only() {
    journal.update(Map.of("nic/1", "a", "nic/2", "b", "vip/1", "c"), Set.of());
    journal("aws-2").update(Map.of("nic/1", "other"), Set.of());

    assertThat(journal.list("nic/"))
        .containsExactly(Map.entry("nic/1", "a"), Map.entry("nic/2", "b"));
    assertThat(journal.list("")).hasSize(3);
    assertThat(journal.read("nic/1")).contains("a");
    assertThat(journal.read("nic/3")).isEmpty();
    assertThat(journal("aws-2").list("")).containsExactly(Map.entry("nic/1", "other"));
  }

  @Test
  void an_update_of_nothing_is_no_commit() {
    journal.update(Map.of(), Set.of());

    assertThat(store.committed).isEmpty();
  }

  @Test
  void a_key_is_written_or_removed() {
    assertThatThrownBy(() -> journal.update(Map.of("a", "1"), Set.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a: ");
    assertThat(store.committed).isEmpty();
  }

  @Test
  void a_provider_can_not_reach_into_the_entries_of_another() {
    assertThatThrownBy(() -> journal("aws/nic")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> journal("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_was_listed_can_not_be_changed() {
    journal.update(Map.of("a", "1"), Set.of());

    assertThatThrownBy(() -> journal.list("").put("b", "2"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "sqlite:"})
  void works_on_the_stores_there_are(String kind, @TempDir Path temp) {
    String location = kind.equals("sqlite:") ? kind + temp.resolve("store.db") : kind;
    AllocationStoreFactory factory =
        kind.equals("sqlite:") ? new SqliteStoreFactory() : new MemoryStoreFactory();
    try (AllocationStore real = factory.open(location)) {
      StoreJournal aws =
          new StoreJournal(real, AddressSpace.DEFAULT, "aws", Clock.fixed(NOW, ZoneOffset.UTC));
      aws.update(Map.of("nic/a%_/2", "b", "nic/a%_/1", "a", "nic/axy/1", "c"), Set.of());
      aws.update(Map.of("vip/1", "d"), Set.of("nic/axy/1", "nic/none"));

      assertThat(aws.list("nic/a%_"))
          .containsExactly(Map.entry("nic/a%_/1", "a"), Map.entry("nic/a%_/2", "b"));
      assertThat(aws.list("")).hasSize(3);
      assertThat(aws.read("vip/1")).contains("d");
      assertThat(aws.read("nic/axy/1")).isEmpty();
    }
  }

  /** A store of documents, and a list of what was committed. */
  private static final class Documents implements AllocationStore {
    private final List<ChangeSet> committed = new ArrayList<>();
    private final TreeMap<String, String> documents = new TreeMap<>();

    @Override
    public List<CommitResult> commitAll(List<ChangeSet> sets) {
      List<CommitResult> results = new ArrayList<>();
      for (ChangeSet set : sets) {
        for (Change change : set.changes()) {
          if (change instanceof PutDocument put) {
            documents.put(put.key(), put.text());
          } else if (change instanceof RemoveDocument remove) {
            documents.remove(remove.key());
          } else {
            throw new AssertionError("a journal has documents only, not " + change);
          }
        }
        committed.add(set);
        results.add(new Committed(committed.size()));
      }
      return results;
    }

    @Override
    public Optional<String> document(AddressSpace space, String key) {
      return Optional.ofNullable(documents.get(key));
    }

    @Override
    public Map<String, String> documents(AddressSpace space, String keyPrefix) {
      TreeMap<String, String> found = new TreeMap<>(documents);
      found.keySet().removeIf(key -> !key.startsWith(keyPrefix));
      return found;
    }

    @Override
    public String location() {
      return "documents";
    }

    @Override
    public long revision() {
      return committed.size();
    }

    @Override
    public StoreSnapshot snapshot(AddressSpace space) {
      throw new AssertionError("a journal does not ask for blocks");
    }

    @Override
    public SortedSet<AddressSpace> spaces() {
      throw new AssertionError("a journal knows its space");
    }

    @Override
    public List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
      throw new AssertionError("a journal does not ask for blocks");
    }

    @Override
    public List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
      throw new AssertionError("a journal does not ask for blocks");
    }

    @Override
    public List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block) {
      throw new AssertionError("a journal does not ask for blocks");
    }

    @Override
    public List<HistoryEntry> history(AddressSpace space, IpAddress address) {
      throw new AssertionError("a journal does not ask for blocks");
    }

    @Override
    public List<Diagnostic> examine() {
      throw new AssertionError("a journal does not examine its store");
    }

    @Override
    public void close() {}
  }
}
