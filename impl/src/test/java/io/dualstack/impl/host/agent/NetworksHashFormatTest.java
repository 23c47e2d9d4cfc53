package io.dualstack.impl.host.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.host.AgentHints;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworksHashFormatTest {

  private static final VmNetwork FULL =
      new VmNetwork(
          "n",
          NetworkType.MANUAL,
          IpPrefix.parse("10.0.16.16/28"),
          IpPrefix.parse("10.0.16.0/20"),
          IpAddress.parse("10.0.16.1"),
          List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1")),
          Set.of(DefaultFor.GATEWAY, DefaultFor.ADDRESSABLE, DefaultFor.DNS),
          7,
          MacAddress.parse("02:00:00:00:00:01"),
          true,
          Map.of("subnet", "s"),
          new AgentHints("eth0", true, true, List.of(), Map.of("unknown", List.of("kept"))));

  @Test
  void writes_the_keys_in_the_order_of_a_director_and_none_of_an_agent() {
    assertThat(NetworksHashFormat.format(List.of(FULL)))
        .isEqualTo(
            """
            {
              "n": {
                "type": "manual",
                "ip": "10.0.16.16",
                "prefix": "28",
                "netmask": "255.255.240.0",
                "cloud_properties": {
                  "subnet": "s"
                },
                "default": [
                  "addressable",
                  "dns",
                  "gateway"
                ],
                "nic_group": "7",
                "dns": [
                  "10.0.0.2",
                  "10.0.0.1"
                ],
                "gateway": "10.0.16.1",
                "unknown": [
                  "kept"
                ]
              }
            }
            """);
  }

  @Test
  void reads_a_nic_group_written_as_a_number() {
    String json = "{\"n\":{\"type\":\"dynamic\",\"prefix\":\"32\",\"nic_group\":3}}";

    assertThat(NetworksHashFormat.parse(json).get(0).nicGroup()).isEqualTo(3);
  }

  @Test
  void the_order_of_networks_is_kept() {
    String json =
        "{\"z\":{\"type\":\"dynamic\"},\"a\":{\"type\":\"dynamic\"},\"m\":{\"type\":\"dynamic\"}}";

    assertThat(NetworksHashFormat.parse(json))
        .extracting(VmNetwork::name)
        .containsExactly("z", "a", "m");
  }

  @Test
  void refuses_a_name_that_is_there_twice() {
    assertThatThrownBy(() -> NetworksHashFormat.format(List.of(FULL, FULL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n: two networks have this name; give each once");
  }

  @Test
  void refuses_a_manual_network_that_no_provider_could_attach() {
    VmNetwork unknown =
        new VmNetwork(
            "n",
            NetworkType.MANUAL,
            IpPrefix.parse("10.0.16.4/32"),
            null,
            null,
            List.of(),
            Set.of(),
            null,
            null,
            false,
            Map.of());

    assertThatThrownBy(() -> NetworksHashFormat.format(List.of(unknown)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n: a manual network lacks its address or range; give both");
  }

  @Test
  void names_the_place_from_the_top_of_the_hash() {
    assertThatThrownBy(() -> NetworksHashFormat.parse("{\"n\":{\"ip\":\"10.0.0.256\"}}"))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refusal ->
                assertThat(refusal.diagnostics().get(0))
                    .satisfies(found -> assertThat(found.path()).isEqualTo("/n/ip"))
                    .satisfies(found -> assertThat(found.code()).isEqualTo("NetworksHash")));
  }
}
