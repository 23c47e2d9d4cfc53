package io.dualstack.impl.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.testkit.contract.PrefixAllocatorContract;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each allocator has a connection of its own to the one file, as separate processes would. */
class SqliteStoreAllocatorTest extends PrefixAllocatorContract {

  @TempDir private Path folder;
  private final List<AllocationStore> stores = new ArrayList<>();

  @Override
  protected PrefixAllocator allocator(AllocatorOptions options, Clock time) {
    AllocationStore store = open();
    stores.add(store);
    return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
  }

  private AllocationStore open() {
    return new SqliteStoreFactory().open("sqlite:" + folder.resolve("ips.db"));
  }

  @Test
  void what_is_under_way_when_the_store_is_closed_completes_one_way_or_the_other() {
    PrefixAllocator allocator = allocator(AllocatorOptions.DEFAULT, clock);
    allocator.define(NetworkSet.of(CELLS));
    List<CompletableFuture<String>> ends = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      if (i == 150) {
        stores.get(0).close();
      }
      ends.add(
          allocator
              .allocateAsync(AllocationRequest.forOwner("vm/" + i).from("cells").build())
              .handle((held, failure) -> failure == null ? held.owner().id() : failure.toString())
              .toCompletableFuture());
    }

    List<String> ended = ends.stream().map(CompletableFuture::join).toList();

    assertThat(ended.get(199)).contains("the store is closed; open it again");
    assertThat(ended.stream().filter(end -> end.startsWith("vm/")).toList())
        .containsExactlyInAnyOrderElementsOf(
            allocator(AllocatorOptions.DEFAULT, clock).blocks(OwnerScope.ALL).stream()
                .map(held -> held.owner().id())
                .toList());
  }

  @AfterEach
  void every_test_leaves_a_sound_store() {
    stores.forEach(AllocationStore::close);
    try (AllocationStore store = open()) {
      assertThat(StoreCheck.run(store).findings()).isEmpty();
    }
  }
}
