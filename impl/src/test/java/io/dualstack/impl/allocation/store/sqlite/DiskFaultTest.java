package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.store.sqlite.SqliteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told when the disk is full, can't be written, or fails; and what is kept. */
class DiskFaultTest {

  @TempDir private Path folder;

  /** A file whose writing connections are told more, and whose flushes are counted or fail. */
  private static final class Faulty extends SqliteFile {
    private String pragma = "";
    private int flushes;
    private @Nullable IOException flushFailure;

    Faulty(Path path) {
      super(path, Schema.VERSIONS);
    }

    @Override
    public Connection openWriter() throws SQLException {
      Connection connection = super.openWriter();
      if (!pragma.isEmpty()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(pragma);
        }
      }
      return connection;
    }

    @Override
    public void flushLog() throws IOException {
      flushes++;
      if (flushFailure != null) {
        throw flushFailure;
      }
      super.flushLog();
    }
  }

  private Faulty file() {
    return new Faulty(folder.resolve("store.db"));
  }

  private static AllocationStore open(SqliteFile file) {
    return SqliteAllocationStore.open(file);
  }

  @Test
  void a_full_disk_refuses_and_keeps_what_was_acknowledged() {
    Faulty file = file();
    file.pragma = "PRAGMA max_page_count = 40";
    try (AllocationStore store = open(file)) {
      long before = 0;
      StoreUnavailableException full = null;
      for (int batch = 0; full == null; batch++) {
        try {
          before = store.revision();
          store.commitAll(Blocks.adding(1_000).subList(100 * batch, 100 * batch + 100));
        } catch (StoreUnavailableException e) {
          full = e;
        }
      }

      assertThat(full)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("the disk is full; free space and try again");
      assertThat(full.retryable()).isTrue();
      assertThat(store.revision()).isEqualTo(before).isPositive();
      assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).hasSize((int) before);

      // The connection was given up: the next one finds space.
      file.pragma = "";
      int held = (int) before;
      store.commitAll(Blocks.adding(held + 100).subList(held, held + 100));
      assertThat(store.revision()).isEqualTo(before + 100);
    }
  }

  @Test
  void a_file_that_may_not_be_written_refuses_for_good() {
    Faulty file = file();
    file.pragma = "PRAGMA query_only = ON";
    try (AllocationStore store = open(file)) {
      assertThatThrownBy(() -> store.commitAll(Blocks.adding(1)))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
          .hasMessageContaining("it can't be written; grant write access");

      assertThat(store.revision()).isZero();
      assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).isEmpty();
    }
  }

  @Test
  void nothing_is_acknowledged_before_a_flush() {
    Faulty file = file();
    try (AllocationStore store = open(file)) {
      store.commitAll(Blocks.adding(3).subList(0, 1));
      assertThat(file.flushes).isEqualTo(1);

      store.commitAhead(Blocks.adding(3).subList(1, 2));
      store.commitAhead(Blocks.adding(3).subList(2, 3));
      assertThat(store.revision()).isEqualTo(3);
      assertThat(file.flushes).isEqualTo(1);

      store.awaitDurable(1);
      assertThat(file.flushes).isEqualTo(1);
      store.awaitDurable(2);
      assertThat(file.flushes).isEqualTo(2);
      // The flush for the second was one for all that was there.
      store.awaitDurable(3);
      assertThat(file.flushes).isEqualTo(2);
    }
  }

  @Test
  void what_another_process_committed_is_flushed_before_anybody_builds_on_it() {
    Faulty file = file();
    try (AllocationStore ours = open(file);
        AllocationStore theirs = open(file())) {
      theirs.commitAhead(Blocks.adding(1));

      ours.awaitDurable(ours.revision());

      assertThat(file.flushes).isEqualTo(1);
    }
  }

  @Test
  void after_a_failed_flush_nothing_is_acknowledged_until_the_store_is_opened_again() {
    Faulty file = file();
    try (AllocationStore store = open(file)) {
      store.commitAll(Blocks.adding(2).subList(0, 1));
      file.flushFailure = new IOException("Input/output error");

      for (String reason :
          List.of("what was being committed may be lost", "open the store again")) {
        assertThatThrownBy(() -> store.commitAll(Blocks.adding(2).subList(1, 2)))
            .isInstanceOfSatisfying(
                StoreUnavailableException.class,
                failure -> assertThat(failure.retryable()).isFalse())
            .hasMessageContaining(folder.toString())
            .hasMessageContaining(reason);
        file.flushFailure = null;
      }
    }
    try (AllocationStore store = open(file())) {
      store.commitAll(Blocks.adding(4).subList(2, 4));
      assertThat(store.snapshot(AddressSpace.DEFAULT).blocks()).hasSizeBetween(3, 4);
    }
  }

  @Test
  void an_allocator_answers_nobody_before_the_flush_not_even_with_what_is_held() {
    Faulty file = file();
    try (AllocationStore store = open(file)) {
      StoreBackedAllocator allocator =
          new StoreBackedAllocator(
              store, AddressSpace.DEFAULT, AllocatorOptions.DEFAULT, Clock.systemUTC());
      allocator.define(
          NetworkSet.of(
              new NetworkDefinition.Manual(
                  "cells", List.of(Subnet.of(Blocks.POOL).prefixLength(80).build()))));
      AllocationRequest request = AllocationRequest.forOwner("cf/cell/0").from("cells").build();
      file.flushFailure = new IOException("Input/output error");

      List<String> failures = new ArrayList<>();
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> allocator.allocate(request))
            .isInstanceOf(StoreUnavailableException.class)
            .satisfies(failure -> failures.add(failure.getMessage()));
      }

      allocator
          .allocateAsync(request)
          .handle((allocation, failure) -> failures.add(String.valueOf(failure)))
          .toCompletableFuture()
          .join();

      assertThat(failures.get(0)).contains("may be lost");
      assertThat(failures.get(2)).contains("open the store again");
      assertThat(failures.get(1)).contains("open the store again");
    }
  }
}
