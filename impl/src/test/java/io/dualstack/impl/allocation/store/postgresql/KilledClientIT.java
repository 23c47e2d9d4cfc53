package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.impl.allocation.store.KilledClients;
import io.dualstack.impl.store.postgresql.PostgresServer;

class KilledClientIT extends KilledClients {
  KilledClientIT() {
    super(PostgresServer.shared(), new PostgresStoreFactory());
  }
}
