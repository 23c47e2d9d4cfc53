package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.contract.PolicyStoreModelContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class SqlitePolicyStoreModelProperties extends PolicyStoreModelContract {

  @Override
  protected Fixture emptyPlace() {
    try {
      return new FilePlace(Files.createTempDirectory("policy-model"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record FilePlace(Path folder) implements Fixture {
    @Override
    public PolicyStore open() {
      return SqlitePolicyStore.open(folder.resolve("policies.db"), 2, TestClock.atNoon());
    }

    @Override
    public void close() {
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> all = files.toList();
        for (Path file : all) {
          Files.delete(file);
        }
        Files.delete(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
