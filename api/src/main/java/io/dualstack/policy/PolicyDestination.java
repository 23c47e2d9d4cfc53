package io.dualstack.policy;

import io.dualstack.firewall.Traffic;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;

/** What a policy lets an application reach. */
public sealed interface PolicyDestination {

  /**
   * {@return what of the destination may be reached}
   *
   * <p>Ports are one range.
   */
  Traffic traffic();

  /**
   * The containers of an application.
   *
   * @param guid the GUID of the application, 1 to 255 characters
   * @param protocol {@link Protocol#TCP} or {@link Protocol#UDP}
   * @param ports the ports, from 1
   */
  record App(String guid, Protocol protocol, PortRange ports) implements PolicyDestination {
    /**
     * Checks the values.
     *
     * @param guid the GUID of the application, 1 to 255 characters
     * @param protocol {@link Protocol#TCP} or {@link Protocol#UDP}
     * @param ports the ports, from 1
     * @throws IllegalArgumentException when the GUID is empty or too long, the protocol another, or
     *     a port 0
     */
    public App {
      NetworkPolicy.requireGuid(guid);
      requireOne(new Traffic.Ports(protocol, List.of(ports)));
    }

    @Override
    public Traffic traffic() {
      return new Traffic.Ports(protocol, List.of(ports));
    }
  }

  /**
   * Addresses, inside of the platform or outside. Equal when the ranges are, however they were
   * written and in whatever order.
   *
   * @param ranges the addresses, sorted; one range or more, of both families where the traffic runs
   *     over both
   * @param traffic TCP or UDP with one range of ports, or ICMP or ICMPv6
   */
  record Addresses(List<IpRange> ranges, Traffic traffic) implements PolicyDestination {
    /**
     * Checks the values, and sorts the ranges.
     *
     * @param ranges the addresses, in any order; one range or more
     * @param traffic TCP or UDP with one range of ports, or ICMP or ICMPv6
     * @throws IllegalArgumentException when there are no ranges, one is of a family that the
     *     traffic does not run over, or IPv4 in IPv6 notation; and when the traffic is everything,
     *     or has several ranges of ports
     */
    public Addresses {
      ranges = ranges.stream().distinct().sorted().toList();
      if (ranges.isEmpty()) {
        throw new IllegalArgumentException("there are no addresses; give one range or more");
      }
      requireOne(traffic);
      for (IpRange range : ranges) {
        requireNative(range.first());
        requireNative(range.last());
        if (!traffic.runsOver(range.family())) {
          throw new IllegalArgumentException(
              "%s: is %s, which %s does not run over; use %s for these"
                  .formatted(
                      range,
                      range.family().label(),
                      traffic.protocol(),
                      Protocol.icmpOf(range.family())));
        }
      }
    }

    private static void requireNative(IpAddress end) {
      end.requireNative();
    }
  }

  private static void requireOne(Traffic traffic) {
    if (traffic instanceof Traffic.All) {
      throw new IllegalArgumentException("all: is no protocol here; use tcp, udp, icmp or icmpv6");
    }
    if (traffic instanceof Traffic.Ports ports && ports.ports().size() != 1) {
      throw new IllegalArgumentException(
          "%s: are several; a policy has one range of ports".formatted(ports.ports()));
    }
  }
}
