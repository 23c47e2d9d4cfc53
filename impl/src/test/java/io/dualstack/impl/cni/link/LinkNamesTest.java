package io.dualstack.impl.cni.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.cni.CniException;
import io.dualstack.net.IpAddress;
import org.junit.jupiter.api.Test;

class LinkNamesTest {
  @Test
  void names_and_hardware_addresses_follow_from_the_ipv4_address() {
    LinkNames names = LinkNames.of(IpAddress.parse("10.255.30.4"));

    assertThat(names.hostDevice()).isEqualTo("s-010255030004").hasSize(14);
    assertThat(names.hostMac()).hasToString("aa:aa:0a:ff:1e:04");
    assertThat(names.containerMac()).hasToString("ee:ee:0a:ff:1e:04");
    assertThat(LinkNames.of(IpAddress.parse("::ffff:10.255.30.4"))).isEqualTo(names);
    assertThat(LinkNames.of(IpAddress.parse("255.255.255.255")).hostMac())
        .hasToString("aa:aa:ff:ff:ff:ff");
  }

  @Test
  void an_ipv6_address_gives_no_names() {
    assertThatThrownBy(() -> LinkNames.of(IpAddress.parse("2001:db8::2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2001:db8::2");
  }

  @Test
  void a_plan_refuses_what_the_kernel_would_refuse_too_late() {
    IpAddress ipv4 = IpAddress.parse("10.255.30.4");
    IpAddress ipv6 = IpAddress.parse("2001:db8::4");

    assertThatThrownBy(() -> new LinkPlan(ipv4, ipv6, 1279, "eth0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1279");
    assertThatThrownBy(() -> new LinkPlan(ipv6, null, 1450, "eth0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LinkPlan(ipv4, ipv6, 1450, "sixteen-letters."))
        .isInstanceOf(CniException.class);
    assertThatThrownBy(() -> new LinkPlan(ipv4, ipv6, 1450, "")).isInstanceOf(CniException.class);
    assertThat(new LinkPlan(ipv4, ipv6, 1280, "eth0").hostIpv6()).hasSize(3);
  }
}
