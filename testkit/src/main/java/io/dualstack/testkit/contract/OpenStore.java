package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store that is opened for each test, and the steps that tests of it are made of. */
abstract class OpenStore {
  static final AddressSpace SPACE = AddressSpace.DEFAULT;
  static final AddressSpace OTHER_SPACE = new AddressSpace("behind-another-router");
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");

  Path folder;
  AllocationStore store;

  @SuppressWarnings("NullAway.Init")
  OpenStore() {}

  /**
   * Opens the store under test.
   *
   * @param folder a folder for its files. A folder never used before stands for an empty store, a
   *     folder used before for the store that was there, as far as the switches below promise that
   * @return the open store; the suite closes it
   */
  protected abstract AllocationStore open(Path folder);

  /**
   * Says whether a store that was closed is as it was when it is opened again.
   *
   * @return true unless overridden
   */
  protected boolean survivesReopen() {
    return true;
  }

  /**
   * Says whether a folder can be open more than once at a time, as by several processes.
   *
   * @return true unless overridden
   */
  protected boolean sharedByProcesses() {
    return true;
  }

  @BeforeEach
  void open_the_store() {
    folder = newFolder();
    store = open(folder);
  }

  @AfterEach
  void close_the_store() {
    if (store != null) {
      store.close();
    }
    delete(folder);
  }

  void reopen() {
    store.close();
    store = open(folder);
  }

  static Path newFolder() {
    try {
      return Files.createTempDirectory("store-contract");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Steps

  static IpPrefix prefix(String cidr) {
    return IpPrefix.parse(cidr);
  }

  static AllocatedBlock held(String cidr, String owner) {
    return held(cidr, owner, "default");
  }

  static AllocatedBlock held(String cidr, String owner, String network) {
    return held(prefix(cidr), owner, network);
  }

  static AllocatedBlock held(IpPrefix block, String owner, String network) {
    return AllocatedBlock.active(
        block, new Owner(owner), "vm-1", network, "z1", AllocationKind.DYNAMIC, NOON);
  }

  static AllocatedBlock external(String cidr, String reason) {
    return AllocatedBlock.active(
        prefix(cidr), new Owner(reason), "", "", null, AllocationKind.EXTERNAL, NOON);
  }

  static Change add(AllocatedBlock block) {
    return new Change.Add(block);
  }

  static Change replace(AllocatedBlock before, AllocatedBlock after) {
    return new Change.Replace(before, after);
  }

  static Change remove(AllocatedBlock block) {
    return new Change.Remove(block);
  }

  static Change put(String key, String text) {
    return new Change.PutDocument(key, text);
  }

  static ChangeSet set(Change... changes) {
    return set(SPACE, changes);
  }

  static ChangeSet set(AddressSpace space, Change... changes) {
    return new ChangeSet(space, NOON, List.of(changes));
  }

  CommitResult commit(Change... changes) {
    return store.commit(set(changes));
  }

  long committed(Change... changes) {
    return committed(commit(changes));
  }

  static long committed(CommitResult result) {
    assertThat(result).isInstanceOf(Committed.class);
    return ((Committed) result).revision();
  }

  Refusal refused(Change... changes) {
    return refused(commit(changes));
  }

  static Refusal refused(CommitResult result) {
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result).refusal();
  }

  List<AllocatedBlock> blocks() {
    return store.snapshot(SPACE).blocks();
  }

  /** Everything that can be seen of a space, to be compared with what is seen later. */
  record View(
      long revision,
      List<AllocatedBlock> blocks,
      List<HistoryEntry> lines,
      Map<String, String> documents) {

    static View of(AllocationStore store, AddressSpace space) {
      return new View(
          store.snapshot(space).revision(),
          store.snapshot(space).blocks(),
          store.changesSince(space, 0),
          store.documents(space, ""));
    }
  }

  View view() {
    return View.of(store, SPACE);
  }

  /** Asserts that no two blocks share an address. */
  static void assertDisjoint(List<AllocatedBlock> inOrder) {
    List<AllocatedBlock> sorted = new ArrayList<>(inOrder);
    sorted.sort(null);
    for (int i = 1; i < sorted.size(); i++) {
      AllocatedBlock before = sorted.get(i - 1);
      AllocatedBlock next = sorted.get(i);
      assertThat(before.block().overlaps(next.block()))
          .as("%s overlaps %s", before.block(), next.block())
          .isFalse();
    }
  }
}
