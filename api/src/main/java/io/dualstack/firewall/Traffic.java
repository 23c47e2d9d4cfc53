package io.dualstack.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;

/** What a rule of a security group is about, apart from the destination. */
public sealed interface Traffic {
  /** {@return the services it means, of both families} */
  ServiceSet services();

  /** {@return the protocol as Cloud Controller spells it} */
  String protocol();

  /**
   * {@return whether such a rule may have destinations of a family}
   *
   * @param family the family
   */
  default boolean runsOver(IpFamily family) {
    return true;
  }

  /** Every protocol. */
  record All() implements Traffic {
    @Override
    public ServiceSet services() {
      return ServiceSet.ALL;
    }

    @Override
    public String protocol() {
      return "all";
    }
  }

  /**
   * TCP or UDP to some ports.
   *
   * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
   * @param ports the ports, from 1; one range or more
   */
  record Ports(Protocol transport, List<PortRange> ports) implements Traffic {
    /**
     * Checks protocol and ports.
     *
     * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
     * @param ports the ports, from 1; one range or more
     * @throws IllegalArgumentException when it is another protocol, there are no ports, or one is 0
     */
    public Ports {
      ports = List.copyOf(ports);
      if (!transport.equals(Protocol.TCP) && !transport.equals(Protocol.UDP)) {
        throw new IllegalArgumentException(transport + ": is no protocol here; use tcp or udp");
      }
      if (ports.isEmpty() || ports.stream().anyMatch(range -> range.contains(0))) {
        throw new IllegalArgumentException(ports + ": are no ports; use one or more, from 1");
      }
    }

    @Override
    public ServiceSet services() {
      return ServiceSet.ports(transport, ports);
    }

    @Override
    public String protocol() {
      return transport.toString();
    }
  }

  /**
   * Messages of ICMP or ICMPv6. Any type is any code too, whatever the code, as it is for the
   * kernel.
   *
   * @param family whose ICMP
   * @param type 0 to 255, or -1; 255 and -1 are any
   * @param code 0 to 255, or -1; 255 and -1 are any
   */
  record Icmp(IpFamily family, int type, int code) implements Traffic {
    private static final int ANY = 255;

    /**
     * Checks type and code.
     *
     * @param family whose ICMP
     * @param type 0 to 255, or -1; 255 and -1 are any
     * @param code 0 to 255, or -1; 255 and -1 are any
     * @throws IllegalArgumentException when a number is out of range
     */
    public Icmp {
      if (type < -1 || type > ANY || code < -1 || code > ANY) {
        throw new IllegalArgumentException(
            "type %d, code %d: out of range; use -1 to 255".formatted(type, code));
      }
    }

    @Override
    public ServiceSet services() {
      Protocol protocol = Protocol.icmpOf(family);
      return type == ANY || type == -1
          ? ServiceSet.of(protocol)
          : ServiceSet.icmp(protocol, type, code == ANY ? -1 : code);
    }

    @Override
    public String protocol() {
      return Protocol.icmpOf(family).toString();
    }

    @Override
    public boolean runsOver(IpFamily other) {
      return family == other;
    }
  }
}
