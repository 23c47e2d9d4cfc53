package io.dualstack.impl.allocation;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.postgresql.PostgresStoreFactory;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.testkit.contract.PrefixAllocatorModelContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

class PostgresStoreAllocatorProperties extends PrefixAllocatorModelContract {

  @Override
  protected Fixture emptyStore() {
    Path folder = newFolder();
    AllocationStore store =
        new PostgresStoreFactory().open(PostgresServer.shared().locationOf(folder));
    return new Fixture() {
      @Override
      public PrefixAllocator allocator(AllocatorOptions options, Clock time) {
        return new StoreBackedAllocator(store, AddressSpace.DEFAULT, options, time);
      }

      @Override
      public void close() {
        store.close();
        folder.toFile().delete();
      }
    };
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("postgres-allocator");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
