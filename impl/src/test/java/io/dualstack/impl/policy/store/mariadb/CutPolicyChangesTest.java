package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.store.CutPolicyChanges;
import io.dualstack.impl.store.mariadb.MariaServer;

class CutPolicyChangesTest extends CutPolicyChanges {
  CutPolicyChangesTest() {
    super(MariaServer.shared(), new MariaPolicyStoreFactory());
  }
}
