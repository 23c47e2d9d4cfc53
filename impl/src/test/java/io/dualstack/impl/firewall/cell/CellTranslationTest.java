package io.dualstack.impl.firewall.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Workload;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellTranslationTest {
  private static final IpAddress CELL = IpAddress.parse("10.0.16.4");
  private static final IpAddress CONTAINER = IpAddress.parse("10.255.7.2");
  private static final IpAddress OTHER = IpAddress.parse("10.0.16.3");
  private static final CellTranslation TRANSLATION =
      new CellTranslation(
          CellFirewall.of(CELL, "eth0", "silk-vtep")
              .unmasquerading(IpPrefix.parse("10.255.0.0/16")),
          List.of(
              new ContainerFirewall(
                  new ContainerEndpoint(
                      "c", "s-010255007002", CONTAINER, IpAddress.parse("2001:db8::2")),
                  new Workload("app", "space", Lifecycle.RUNNING),
                  List.of(8080),
                  List.of(new PortMapping(61_001, 8080)),
                  List.of())));

  private static Packet tcp(IpAddress from, IpAddress to, int port) {
    return Packet.opening(from, to, Service.port(Protocol.TCP, port));
  }

  @Test
  void a_mapped_port_leads_to_the_container_and_marks_what_comes_from_the_underlay() {
    Packet asked = tcp(OTHER, CELL, 61_001);

    assertThat(TRANSLATION.arriving(asked, "eth0"))
        .hasToString("tcp/8080 from 10.0.16.3 to 10.255.7.2, mark 0xffff0000");
    assertThat(TRANSLATION.arriving(asked, "s-010255007003"))
        .isEqualTo(tcp(OTHER, CONTAINER, 8080));
    Packet datagram = Packet.opening(OTHER, CELL, Service.port(Protocol.UDP, 61_001));
    assertThat(TRANSLATION.arriving(datagram, "eth0")).isEqualTo(datagram);
    assertThat(TRANSLATION.arriving(tcp(OTHER, CELL, 61_002), "eth0"))
        .isEqualTo(tcp(OTHER, CELL, 61_002));
    assertThat(TRANSLATION.arriving(tcp(OTHER, CONTAINER, 61_001), "eth0"))
        .isEqualTo(tcp(OTHER, CONTAINER, 61_001));
  }

  @Test
  void a_containers_source_is_hidden_where_it_is_not_known() {
    IpAddress outside = IpAddress.parse("198.51.100.10");
    assertThat(TRANSLATION.leaving(tcp(CONTAINER, outside, 80), "eth0"))
        .isEqualTo(tcp(CELL, outside, 80));
    assertThat(TRANSLATION.leaving(tcp(CONTAINER, outside, 80), "silk-vtep"))
        .isEqualTo(tcp(CONTAINER, outside, 80));
    IpAddress sibling = IpAddress.parse("10.255.9.2");
    assertThat(TRANSLATION.leaving(tcp(CONTAINER, sibling, 80), "eth0"))
        .isEqualTo(tcp(CONTAINER, sibling, 80));
    assertThat(TRANSLATION.leaving(tcp(OTHER, outside, 80), "eth0"))
        .isEqualTo(tcp(OTHER, outside, 80));
    Packet ipv6 = tcp(IpAddress.parse("2001:db8::2"), IpAddress.parse("2001:db8:1::1"), 80);
    assertThat(TRANSLATION.leaving(ipv6, "eth0")).isEqualTo(ipv6);
  }
}
