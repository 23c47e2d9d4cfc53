package io.dualstack.impl.firewall;

import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.net.Protocol;
import java.util.List;

/** Messages of ICMP and ICMPv6 with one meaning: what RFC 7915 translates without loss. */
final class IcmpTwins {
  private record Twin(Service ipv4, Service ipv6) {}

  private static final List<Twin> TWINS =
      List.of(
          twin(8, 0, 128, 0), // echo request
          twin(0, 0, 129, 0), // echo reply
          twin(3, 0, 1, 0), // network unreachable, no route
          twin(3, 13, 1, 1), // administratively prohibited
          twin(3, 1, 1, 3), // host unreachable, address unreachable
          twin(3, 3, 1, 4), // port unreachable
          twin(3, 4, 2, 0), // fragmentation needed, packet too big
          twin(11, 0, 3, 0), // hop limit exceeded
          twin(11, 1, 3, 1), // reassembly time exceeded
          twin(12, 0, 4, 0)); // parameter problem

  private static final ServiceSet EITHER_ICMP =
      ServiceSet.of(Protocol.ICMP)
          .union(ServiceSet.of(Protocol.ICMPV6))
          .union(ServiceSet.of(Protocol.IGMP));

  private IcmpTwins() {}

  private static Twin twin(int type4, int code4, int type6, int code6) {
    return new Twin(
        Service.icmp(Protocol.ICMP, type4, code4), Service.icmp(Protocol.ICMPV6, type6, code6));
  }

  /** Returns what of services of IPv6 can be compared with IPv4. */
  static ServiceSet comparable(ServiceSet services) {
    ServiceSet result = services.subtract(EITHER_ICMP);
    for (Twin twin : TWINS) {
      if (services.contains(twin.ipv6())) {
        result = result.union(one(twin.ipv6()));
      }
    }
    return result;
  }

  /** Returns services of IPv4 in words of IPv6; messages without a twin are left out. */
  static ServiceSet inIpv6(ServiceSet services) {
    ServiceSet result = services.subtract(EITHER_ICMP);
    for (Twin twin : TWINS) {
      if (services.contains(twin.ipv4())) {
        result = result.union(one(twin.ipv6()));
      }
    }
    return result;
  }

  /** Returns a service of IPv6 in words of IPv4. */
  static Service inIpv4(Service service) {
    return TWINS.stream()
        .filter(twin -> twin.ipv6().equals(service))
        .map(Twin::ipv4)
        .findFirst()
        .orElse(service);
  }

  private static ServiceSet one(Service message) {
    return ServiceSet.icmp(message.protocol(), message.detail() / 256, message.detail() % 256);
  }
}
