package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.KilledServers;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.impl.store.postgresql.DurableServer;
import java.io.IOException;
import java.nio.file.Path;

class KilledServerIT extends KilledServers {
  @Override
  protected KillableServer start(Path folder) throws IOException {
    return DurableServer.start(folder);
  }

  @Override
  protected AllocationStore open(String location) {
    return new PostgresStoreFactory().open(location);
  }
}
