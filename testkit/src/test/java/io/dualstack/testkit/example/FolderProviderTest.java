package io.dualstack.testkit.example;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderProviderTest extends NetworkProviderContract {
  @TempDir private Path folder;

  @Override
  protected NetworkProvider provider() {
    return new FolderProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return new InMemoryProviderContext().configure("folder", folder.toString());
  }
}
