package io.dualstack.spi.gcp;

import static io.dualstack.spi.gcp.FakeProject.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.Owner;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NicPropertiesTest {
  private static final Map<String, Object> CELLS =
      Map.of(
          "network_name", "cf", "subnetwork_name", "cells", "xpn_host_project_id", "host-project");

  private static NicRequest request(Map<String, Map<String, Object>> properties) {
    List<NicBlock> blocks = List.of(block("v4", "10.0.0.9"), block("v6", "2001:db8::/96"));
    return new NicRequest(
        new Owner("cf/cell/0"), "life-1", "0", null, blocks, new TreeMap<>(properties));
  }

  @Test
  void are_named_as_the_google_cpi_names_them() {
    assertThat(NicProperties.of(request(Map.of("v4", CELLS, "v6", CELLS))))
        .isEqualTo(new NicProperties("cf", "cells", "host-project"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"network_name", "subnetwork_name", "xpn_host_project_id"})
  void must_be_the_same_for_all_networks_of_a_nic(String property) {
    Map<String, Object> other = new TreeMap<>(CELLS);
    other.put(property, "other");

    assertThatThrownBy(() -> NicProperties.of(request(Map.of("v4", CELLS, "v6", other))))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.REFUSED))
        .hasMessageContainingAll("cf/cell/0", "network v6", property, "\"other\"", "network v4");
  }

  @Test
  void must_name_a_subnetwork() {
    assertThatThrownBy(() -> NicProperties.of(request(Map.of())))
        .isInstanceOf(ProviderException.class)
        .hasMessageContainingAll("network v4", "subnetwork_name", "missing");
  }

  @Test
  void a_name_must_be_one() {
    assertThatThrownBy(
            () -> NicProperties.of(request(Map.of("v4", Map.of("subnetwork_name", "a/b")))))
        .isInstanceOf(ProviderException.class)
        .hasMessageContainingAll("network v4", "subnetwork_name", "\"a/b\"");
  }
}
