package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.store.KilledPolicyServers;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.impl.store.mariadb.DurableMaria;
import java.io.IOException;
import java.nio.file.Path;

class KilledPolicyServerIT extends KilledPolicyServers {
  KilledPolicyServerIT() {
    super(new MariaPolicyStoreFactory());
  }

  @Override
  protected KillableServer start(Path folder) throws IOException {
    return DurableMaria.start(folder);
  }
}
