package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.policy.store.CutPolicyChanges;
import io.dualstack.impl.store.postgresql.PostgresServer;

class CutPolicyChangesTest extends CutPolicyChanges {
  CutPolicyChangesTest() {
    super(PostgresServer.shared(), new PostgresPolicyStoreFactory());
  }
}
