package io.dualstack.impl.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.Dualstack;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyStoresTest {

  @TempDir private Path folder;

  @Test
  void finds_the_store_of_a_location() {
    String file = "sqlite:" + folder.resolve("policies.db");
    try (PolicyStore inMemory = PolicyStores.open("memory:", 2);
        PolicyStore onDisk = PolicyStores.open(file, 1)) {
      assertThat(inMemory.location()).isEqualTo("memory:");
      assertThat(onDisk.location()).isEqualTo(file);
      assertThat(onDisk.tagLength()).isEqualTo(1);
    }
  }

  @Test
  void the_library_opens_them_for_who_embeds_it() {
    NetworkPolicy policy =
        new NetworkPolicy(
            "a", new PolicyDestination.App("b", Protocol.TCP, PortRange.single(8080)));
    String file = "sqlite:" + folder.resolve("embedded.db");
    try (Dualstack dualstack = Dualstack.builder().build()) {
      try (PolicyStore store = dualstack.policies(file)) {
        store.create(List.of(policy), 1);
      }
      try (PolicyStore again = dualstack.policies(file)) {
        assertThat(again.policies(PolicyFilter.ALL)).hasSize(1);
        assertThat(again.tagLength()).isEqualTo(2);
      }
    }
  }

  @Test
  void refuses_locations_and_lengths_that_nobody_knows() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> PolicyStores.open("jdbc:unknown:", 2))
        .withMessageContaining("no store of this kind");
    assertThatIllegalArgumentException().isThrownBy(() -> PolicyStores.open("memory:", 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicyStores.open("sqlite:" + folder.resolve("x.db"), 0));
  }
}
