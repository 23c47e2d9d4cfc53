package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Service;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one packet, in the language of {@code nft}, whatever its addresses are turned to. */
final class PacketMatch {
  /** Where the port of VXLAN is, RFC 7348. */
  private static final int VXLAN_PORT = 4789;

  /** Within a UDP datagram: its header, VXLAN's, and Ethernet's, in bits. */
  private static final int INNER_AT = (8 + 8 + 14) * Byte.SIZE;

  private static final int IPV4_DESTINATION_AT = INNER_AT + 16 * Byte.SIZE;
  private static final int IPV4_PORT_AT = INNER_AT + (20 + 2) * Byte.SIZE;

  private final IpFamily family;
  private final Service service;
  private final List<Packet> forms;

  /** Takes the forms that the packet has on its way. */
  PacketMatch(List<PlannedHop> path) {
    this.forms =
        path.stream()
            .filter(PlannedHop.Routed.class::isInstance)
            .map(PlannedHop.Routed.class::cast)
            .flatMap(hop -> Stream.of(hop.arrived(), hop.routed()))
            .toList();
    this.service = forms.get(0).service();
    this.family = forms.get(0).family();
  }

  /** Tells it from all others but for another of the same kind to the same place. */
  String plain() {
    String protocol = family == IpFamily.IPV4 ? "ip" : "ip6";
    if (!service.protocol().hasPorts()) {
      return "%s daddr { %s } %s type echo-request"
          .formatted(
              protocol,
              distinct(packet -> packet.destination().toString()),
              family == IpFamily.IPV4 ? "icmp" : "icmpv6");
    }
    return "%s daddr . %s dport { %s }%s"
        .formatted(
            protocol,
            service.protocol(),
            distinct(packet -> packet.destination() + " . " + packet.service().detail()),
            service.protocol().equals(Protocol.TCP) ? " tcp flags & (syn | ack) == syn" : "");
  }

  private String distinct(Function<Packet, String> part) {
    return forms.stream().map(part).distinct().collect(Collectors.joining(", "));
  }

  /** Tells a tunnel's packet that holds it; only IPv4 goes through tunnels. Empty by IPv6. */
  List<String> tunneled() {
    if (family == IpFamily.IPV6) {
      return List.of();
    }
    return forms.stream()
        .map(
            packet ->
                "ether type ip ip protocol udp udp dport %d @th,%d,32 0x%08x%s"
                    .formatted(
                        VXLAN_PORT,
                        IPV4_DESTINATION_AT,
                        packet.destination().low() & 0xffff_ffffL,
                        service.protocol().hasPorts()
                            ? " @th,%d,16 %d".formatted(IPV4_PORT_AT, packet.service().detail())
                            : ""))
        .distinct()
        .toList();
  }
}
