package io.dualstack.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentConfigTest {

  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);
  private static final IpPrefix PREFIX = IpPrefix.parse("2001:db8:30::/80");
  private final AgentConfig config =
      AgentConfig.of(IpAddress.parse("10.0.1.5"), POOL, Path.of("store.json"));

  @Test
  void a_cell_tolerates_a_partition_for_as_long_as_its_lease_lasts() {
    assertThat(config.partitionTolerance()).isEqualTo(POOL.expiry());
    assertThat(config.overlayNetworks()).containsExactly(POOL.network());
    assertThat(config.subnetPrefixLength()).isEqualTo(24);
    assertThat(config.vtep()).isEqualTo(new VtepConfig("silk-vtep", 1, 4789, null));
  }

  @Test
  void ipv6_and_the_namespace_are_added_without_touching_the_rest() {
    AgentConfig dual =
        config.withIpv6(PREFIX, Ipv6.REQUIRED).inNamespace(Path.of("/run/netns/cell"));

    assertThat(dual.ipv6Prefix()).isEqualTo(PREFIX);
    assertThat(dual.ipv6()).isEqualTo(Ipv6.REQUIRED);
    assertThat(dual.hostNamespace()).isEqualTo(Path.of("/run/netns/cell"));
    assertThat(dual.datastore()).isEqualTo(config.datastore());
    assertThat(config.ipv6Prefix()).isNull();
  }

  @Test
  void refuses_an_overlay_network_no_shorter_than_its_blocks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(IpPrefix.parse("10.255.0.0/24"), Duration.ofSeconds(1)))
        .withMessageContaining("10.255.0.0/24")
        .withMessageContaining("24");
  }

  @Test
  void refuses_an_overlay_network_or_a_cell_in_ipv6() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(IpPrefix.parse("2001:db8::/16"), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AgentConfig.of(IpAddress.parse("2001:db8::1"), POOL, Path.of("store.json")));
  }

  @Test
  void refuses_an_overlay_device_that_no_kernel_can_have() {
    for (String name : List.of("", "a/b", "a b", "..", "sixteen-letters-")) {
      assertThatIllegalArgumentException()
          .as(name)
          .isThrownBy(() -> new VtepConfig(name, 1, 4789, null))
          .withMessageStartingWith("name: " + name);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VtepConfig("vtep", 1 << 24, 4789, null))
        .withMessage("vni: 16777216: must be between 0 and 16777215");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VtepConfig("vtep", 1, 0, null))
        .withMessage("port: 0: must be between 1 and 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VtepConfig("vtep", 1, 4789, "eth0:1"))
        .withMessageStartingWith("underlayDevice: eth0:1");
  }

  @Test
  void refuses_rounds_without_time_between_them() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(POOL.network(), Duration.ZERO))
        .withMessageContaining("poll interval");
  }

  private AgentConfig with(IpPrefix network, Duration pollInterval) {
    return new AgentConfig(
        config.underlayIp(),
        List.of(network),
        24,
        LeaseKind.BLOCK,
        VtepConfig.DEFAULT,
        config.datastore(),
        pollInterval,
        Duration.ofHours(1),
        Ipv6.OFF,
        null,
        null);
  }
}
