package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.store.KilledServers;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.impl.store.mariadb.DurableMaria;
import java.io.IOException;
import java.nio.file.Path;

class KilledServerIT extends KilledServers {
  @Override
  protected KillableServer start(Path folder) throws IOException {
    return DurableMaria.start(folder);
  }

  @Override
  protected AllocationStore open(String location) {
    return new MariaStoreFactory().open(location);
  }
}
