package io.dualstack.impl.policy.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.impl.policy.PolicyStores;
import io.dualstack.impl.policy.store.OpenedPolicyServers;
import io.dualstack.impl.store.postgresql.PostgresServer;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenedPolicyServersTest extends OpenedPolicyServers {
  OpenedPolicyServersTest() {
    super(
        PostgresServer.shared(),
        "INSERT INTO dualstack.dualstack_migrations SELECT installed_rank + 9, '10', 'newer', type,"
            + " script, checksum, installed_by, installed_on, 1, true"
            + " FROM dualstack.dualstack_migrations WHERE version = '1'");
  }

  @Test
  void a_character_that_the_engine_does_not_have_is_refused_and_is_never_there() {
    try (PolicyStore store = PolicyStores.open(PostgresServer.shared().empty(), 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.tag("a\0", "app"))
          .withMessageContaining("has the character U+0000, which PostgreSQL can't store");
      assertThat(store.policies(PolicyFilter.touching(Set.of("a\0")))).isEmpty();
    }
  }
}
