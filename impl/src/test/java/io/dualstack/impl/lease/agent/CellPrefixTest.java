package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.cell.HostIpv6;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CellPrefixTest {

  private static final IpPrefix PREFIX = IpPrefix.parse("2001:db8:0:1::/80");
  private static final Supplier<HostIpv6> WITH =
      () -> new HostIpv6(HostIpv6.State.ENABLED, "there");
  private static final Supplier<HostIpv6> WITHOUT =
      () -> new HostIpv6(HostIpv6.State.DISABLED_AT_BOOT, "ipv6.disable=1 was given");

  private static AgentConfig config(Ipv6 ipv6, IpPrefix prefix) {
    return Configs.of("10.0.0.1", LeaseKind.BLOCK, Path.of("store.json"), ipv6, prefix);
  }

  @Test
  void a_prefix_is_used_on_a_host_that_has_ipv6() {
    assertThat(CellPrefix.decide(config(Ipv6.WHEN_POSSIBLE, PREFIX), WITH)).isEqualTo(PREFIX);
    assertThat(CellPrefix.decide(config(Ipv6.REQUIRED, PREFIX), WITH)).isEqualTo(PREFIX);
  }

  @Test
  void a_prefix_alone_is_passed_over_on_a_host_without_ipv6() {
    assertThat(CellPrefix.decide(config(Ipv6.WHEN_POSSIBLE, PREFIX), WITHOUT)).isNull();
  }

  @Test
  void without_a_prefix_or_when_it_is_off_nobody_asks_the_host() {
    Supplier<HostIpv6> never =
        () -> {
          throw new AssertionError("asked");
        };

    assertThat(CellPrefix.decide(config(Ipv6.WHEN_POSSIBLE, null), never)).isNull();
    assertThat(CellPrefix.decide(config(Ipv6.OFF, PREFIX), never)).isNull();
  }

  @Test
  void the_strict_switch_refuses_a_host_without_ipv6_and_says_why() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> CellPrefix.decide(config(Ipv6.REQUIRED, PREFIX), WITHOUT))
        .withMessageContaining("/enable_ipv6")
        .withMessageContaining("ipv6.disable=1 was given");
  }

  @Test
  void the_strict_switch_refuses_to_do_without_a_prefix() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> CellPrefix.decide(config(Ipv6.REQUIRED, null), WITH))
        .withMessageContaining("/ipv6_prefix");
  }

  @Test
  void an_ipv4_prefix_is_none_in_whatever_notation() {
    for (String wrong : new String[] {"10.0.0.0/8", "::ffff:10.0.0.0/104"}) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(
              () ->
                  new LeasedNetworks(
                      IpPrefix.parse("10.255.30.0/24"), 1450, IpPrefix.parse(wrong)));
    }
  }

  @Test
  void the_answer_to_plugins_has_no_trace_of_ipv6_without_a_prefix() {
    IpPrefix subnet = IpPrefix.parse("10.255.30.0/24");

    assertThat(NetworksJson.of(new LeasedNetworks(subnet, 1450, null)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"overlay_subnet\":\"10.255.30.0/24\",\"mtu\":1450}");
    assertThat(NetworksJson.of(new LeasedNetworks(subnet, 1450, PREFIX)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"overlay_subnet\":\"10.255.30.0/24\",\"mtu\":1450,\"ipv6_prefix\":\"2001:db8:0:1::/80\"}");
  }
}
