package io.dualstack.impl.lease.registry;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.LeaseRegistryModelContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Each registry has a connection of its own to the one file, as separate processes would. */
class SqliteLeaseRegistryModelProperties extends LeaseRegistryModelContract {

  @Override
  protected Fixture emptyPlace() {
    try {
      return new FilePlace(Files.createTempDirectory("lease-model"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class FilePlace implements Fixture {
    private final Path folder;
    private final List<AllocationStore> stores = new ArrayList<>();

    FilePlace(Path folder) {
      this.folder = folder;
    }

    @Override
    public LeaseRegistry open(LeasePool pool, Clock time) {
      AllocationStore store = new SqliteStoreFactory().open("sqlite:" + folder.resolve("l.db"));
      stores.add(store);
      return new StoreLeaseRegistry(store, pool, time, new Random(42));
    }

    @Override
    public void close() {
      stores.forEach(AllocationStore::close);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
        Files.delete(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
