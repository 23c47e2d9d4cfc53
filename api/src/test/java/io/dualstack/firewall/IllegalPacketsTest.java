package io.dualstack.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can't be is refused where it would be made. */
class IllegalPacketsTest {
  private static final IpAddress FOUR = IpAddress.parse("192.0.2.1");
  private static final IpAddress SIX = IpAddress.parse("2001:db8::1");
  private static final Service HTTPS = Service.port(Protocol.TCP, 443);

  @Test
  void a_packet_is_of_one_family() {
    assertThatIllegalArgumentException().isThrownBy(() -> Packet.opening(FOUR, SIX, HTTPS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Packet.opening(SIX, SIX, Service.icmp(Protocol.ICMP, 8, 0)))
        .withMessageContaining("use icmpv6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Packet(SIX, SIX, HTTPS, ConnectionState.NEW, 1L << 32));
    assertThat(Packet.opening(SIX, SIX, HTTPS))
        .hasToString("tcp/443 from 2001:db8::1 to 2001:db8::1");
  }

  @Test
  void a_service_has_ports_or_types_only_where_the_protocol_has() {
    assertThatIllegalArgumentException().isThrownBy(() -> Service.port(Protocol.GRE, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Service(Protocol.GRE, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Service.port(Protocol.TCP, 65536));
    assertThatIllegalArgumentException().isThrownBy(() -> Service.icmp(Protocol.TCP, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Service.icmp(Protocol.ICMP, 256, 0));
  }

  @Test
  void a_match_is_of_one_family_and_never_empty() {
    Match all = Match.all(IpFamily.IPV4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all.to(IpSet.of(IpRange.single(SIX))))
        .withMessageContaining("holds IPv6 addresses");
    assertThatIllegalArgumentException().isThrownBy(() -> all.to(IpSet.EMPTY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all.asking(ServiceSet.of(Protocol.ICMPV6)));
    assertThatIllegalArgumentException().isThrownBy(() -> all.in(Set.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> all.marked(NumberSet.EMPTY));
  }

  @Test
  void a_rule_of_a_security_group_has_destinations_that_fit_its_protocol() {
    Traffic ping = new Traffic.Icmp(IpFamily.IPV4, 8, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecurityGroupRule(ping, IpSet.of(IpRange.single(SIX)), false, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecurityGroupRule(ping, IpSet.EMPTY, false, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Traffic.Ports(Protocol.SCTP, List.of(PortRange.single(1))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Traffic.Ports(Protocol.TCP, List.of(PortRange.ALL)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic.Icmp(IpFamily.IPV4, 256, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecurityGroup("", List.of(), Set.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new FilterRule(List.of(), Match.all(IpFamily.IPV4), Verdict.ACCEPT, false));
  }

  @Test
  void services_are_said_in_words() {
    assertThat(ServiceSet.over(IpFamily.IPV6)).hasToString("all");
    assertThat(ServiceSet.EMPTY).hasToString("nothing");
    assertThat(
            ServiceSet.ports(Protocol.TCP, List.of(PortRange.single(443), PortRange.of(80, 81)))
                .union(ServiceSet.of(Protocol.UDP))
                .union(ServiceSet.icmp(Protocol.ICMP, 8, 0)))
        .hasToString("icmp type 8 code 0, tcp/80-81,443, udp");
    assertThat(ServiceSet.of(Protocol.ICMP).subtract(ServiceSet.icmp(Protocol.ICMP, 8, 0)))
        .hasToString("icmp type 0-7, icmp type 8 code 1-255, icmp type 9-255");
    assertThat(ServiceSet.ALL.subtract(ServiceSet.of(Protocol.UDP)).toString())
        .contains("icmp, ", "tcp, protocols 7-16", "icmpv6", "protocols 59-131");
  }
}
