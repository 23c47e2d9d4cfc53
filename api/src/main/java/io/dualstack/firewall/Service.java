package io.dualstack.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;

/**
 * What a packet asks for: its protocol, and with it the destination port or the ICMP type and code.
 *
 * @param protocol the protocol above IP
 * @param detail the destination port where the protocol has ports; the type times 256 plus the code
 *     for ICMP and ICMPv6; 0 for all others
 */
public record Service(Protocol protocol, int detail) {
  private static final int BYTE = 256;

  /**
   * Checks the detail.
   *
   * @param protocol the protocol above IP
   * @param detail 0 to 65535; 0 where the protocol has neither ports nor types
   * @throws IllegalArgumentException when the protocol has no such detail
   */
  public Service {
    int most = hasDetail(protocol) ? PortRange.MAX : 0;
    if (detail < 0 || detail > most) {
      throw new IllegalArgumentException(
          "%s: %d: is out of range; use 0 to %d".formatted(protocol, detail, most));
    }
  }

  /**
   * {@return a protocol and its destination port}
   *
   * @param protocol a protocol with ports
   * @param port 0 to 65535
   * @throws IllegalArgumentException when the protocol has no ports, or the number is none
   */
  public static Service port(Protocol protocol, int port) {
    if (!protocol.hasPorts()) {
      throw new IllegalArgumentException(
          "%s: has no ports; leave the port out".formatted(protocol));
    }
    return new Service(protocol, port);
  }

  /**
   * {@return a message of ICMP or ICMPv6}
   *
   * @param protocol {@link Protocol#ICMP} or {@link Protocol#ICMPV6}
   * @param type 0 to 255
   * @param code 0 to 255
   * @throws IllegalArgumentException when the protocol is another, or a number is out of range
   */
  public static Service icmp(Protocol protocol, int type, int code) {
    if (!protocol.isIcmp()) {
      throw new IllegalArgumentException(
          "%s: has no type and code; leave them out".formatted(protocol));
    }
    if (type < 0 || type >= BYTE || code < 0 || code >= BYTE) {
      throw new IllegalArgumentException(
          "type %d, code %d: out of range; use 0 to 255".formatted(type, code));
    }
    return new Service(protocol, type * BYTE + code);
  }

  /**
   * {@return an echo request: RFC 792, RFC 4443 section 4.1}
   *
   * @param family the family it goes over
   */
  public static Service ping(IpFamily family) {
    return family == IpFamily.IPV4 ? icmp(Protocol.ICMP, 8, 0) : icmp(Protocol.ICMPV6, 128, 0);
  }

  /**
   * Tells whether packets of a protocol differ in a port, or in a type and code.
   *
   * @param protocol the protocol
   * @return whether {@link #detail} may be other than 0
   */
  public static boolean hasDetail(Protocol protocol) {
    return protocol.hasPorts() || protocol.isIcmp();
  }

  /**
   * {@return the number of the service in a {@link ServiceSet}: protocol times 65536 plus detail}
   */
  public long number() {
    return ((long) protocol.number() << Short.SIZE) + detail;
  }

  /**
   * {@return the service with a number; what a protocol without details has behind 0 is 0}
   *
   * @param number 0 to 2^24 - 1
   */
  public static Service ofNumber(long number) {
    Protocol protocol = Protocol.of((int) (number >> Short.SIZE));
    return new Service(protocol, hasDetail(protocol) ? (int) (number & PortRange.MAX) : 0);
  }

  /** Returns {@code tcp/443}, {@code icmpv6 type 128 code 0}, or the protocol alone. */
  @Override
  public String toString() {
    if (protocol.isIcmp()) {
      return "%s type %d code %d".formatted(protocol, detail / BYTE, detail % BYTE);
    }
    return protocol.hasPorts() ? protocol + "/" + detail : protocol.toString();
  }
}
