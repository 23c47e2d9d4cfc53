package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.store.OpenedPolicyServers;
import io.dualstack.impl.store.mariadb.MariaServer;

class OpenedPolicyServersTest extends OpenedPolicyServers {
  OpenedPolicyServersTest() {
    super(
        MariaServer.shared(),
        "INSERT INTO dualstack_migrations SELECT installed_rank + 9, '10', 'newer', type, script,"
            + " checksum, installed_by, installed_on, 1, true FROM dualstack_migrations"
            + " WHERE version = '1'");
  }
}
