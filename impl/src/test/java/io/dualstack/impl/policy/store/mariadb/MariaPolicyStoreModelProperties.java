package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.store.ServerModelContract;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.testkit.TestClock;

class MariaPolicyStoreModelProperties extends ServerModelContract {
  MariaPolicyStoreModelProperties() {
    super(MariaServer.shared(), new MariaPolicyStoreFactory(TestClock.atNoon()));
  }
}
