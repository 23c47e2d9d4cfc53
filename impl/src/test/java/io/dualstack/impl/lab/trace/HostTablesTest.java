package io.dualstack.impl.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.MacAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostTablesTest {
  private static final HostTables TABLES =
      HostTables.read(
          List.of(
              "link set dev lo up",
              "address add 10.0.16.4/20 dev eth0 nodad",
              "address add 2001:db8::4/64 dev eth0 nodad",
              "address add 169.254.0.1/32 peer 10.255.7.2/32 dev s-010255007002 scope link",
              "address add fe80::1/128 dev s-010255007002 scope link nodad",
              "route add unreachable 2001:db8:0:1::/80",
              "route add 2001:db8:0:1::2/128 dev s-010255007002",
              "route add default via 10.0.16.1 dev eth0",
              "route add default via 2001:db8::1",
              "route replace 10.255.9.0/24 via 10.255.9.0 dev silk-vtep src 10.255.7.0",
              "neighbor replace 10.255.9.0 lladdr ee:ee:0a:ff:09:00 dev silk-vtep nud permanent",
              "neighbor replace proxy 2001:db8:0:1::2 dev eth0",
              "fdb replace ee:ee:0a:ff:09:00 dev silk-vtep dst 10.0.16.5 self permanent"));

  private static RouteChoice route(String to) {
    return TABLES.route(IpAddress.parse(to)).orElseThrow();
  }

  @Test
  void the_longest_prefix_routes() {
    assertThat(route("2001:db8:0:1::2").words()).isEqualTo("on the link of s-010255007002");
    assertThat(route("2001:db8:0:1::3")).isEqualTo(RouteChoice.NONE);
    assertThat(route("2001:db8::9").words()).isEqualTo("on the link of eth0");
    assertThat(route("2001:db8:ffff::1").words()).isEqualTo("via 2001:db8::1 dev eth0");
    assertThat(route("10.255.9.3").words()).isEqualTo("via 10.255.9.0 dev silk-vtep");
    assertThat(route("10.255.7.2").words()).isEqualTo("on the link of s-010255007002");
    assertThat(route("10.0.16.4")).isEqualTo(RouteChoice.LOCAL);
    assertThat(HostTables.read(List.of()).route(IpAddress.parse("::1"))).isEmpty();
  }

  private static Optional<IpAddress> source(String to) {
    return TABLES.source(route(to), IpAddress.parse(to));
  }

  @Test
  void a_packet_of_its_own_has_the_routes_source_or_the_devices() {
    assertThat(source("10.255.9.3")).contains(IpAddress.parse("10.255.7.0"));
    assertThat(source("192.0.2.1")).contains(IpAddress.parse("10.0.16.4"));
    assertThat(source("10.255.7.2")).contains(IpAddress.parse("169.254.0.1"));
    assertThat(source("2001:db8:0:1::2")).contains(IpAddress.parse("2001:db8::4"));
    assertThat(TABLES.address(IpFamily.IPV6)).contains(IpAddress.parse("2001:db8::4"));
  }

  @Test
  void neighbors_tunnels_and_proxied_addresses_are_known() {
    MacAddress other = MacAddress.parse("ee:ee:0a:ff:09:00");
    assertThat(TABLES.neighbor(IpAddress.parse("10.255.9.0"), "silk-vtep")).contains(other);
    assertThat(TABLES.neighbor(IpAddress.parse("10.255.9.0"), "eth0")).isEmpty();
    assertThat(TABLES.tunnel(other)).contains(IpAddress.parse("10.0.16.5"));
    assertThat(TABLES.tunnelDevice()).isEqualTo("silk-vtep");
    assertThat(TABLES.answersFor(IpAddress.parse("2001:db8:0:1::2"), "eth0")).isTrue();
    assertThat(TABLES.answersFor(IpAddress.parse("2001:db8:0:1::3"), "eth0")).isFalse();
  }
}
