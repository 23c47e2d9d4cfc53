package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.policy.store.ServerModelContract;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.testkit.TestClock;

class PostgresPolicyStoreModelProperties extends ServerModelContract {
  PostgresPolicyStoreModelProperties() {
    super(PostgresServer.shared(), new PostgresPolicyStoreFactory(TestClock.atNoon()));
  }
}
