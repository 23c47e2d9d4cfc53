package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.policy.store.KilledPolicyServers;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.impl.store.postgresql.DurableServer;
import java.io.IOException;
import java.nio.file.Path;

class KilledPolicyServerIT extends KilledPolicyServers {
  KilledPolicyServerIT() {
    super(new PostgresPolicyStoreFactory());
  }

  @Override
  protected KillableServer start(Path folder) throws IOException {
    return DurableServer.start(folder);
  }
}
