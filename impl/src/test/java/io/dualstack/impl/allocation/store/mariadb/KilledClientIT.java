package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.impl.allocation.store.KilledClients;
import io.dualstack.impl.store.mariadb.MariaServer;

class KilledClientIT extends KilledClients {
  KilledClientIT() {
    super(MariaServer.shared(), new MariaStoreFactory());
  }
}
