package io.dualstack.impl.firewall.iptables;

import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to meet a set of services, as iptables can ask for it.
 *
 * @param protocol the protocol's name; empty for any
 * @param first the first port; -1 for any
 * @param last the last port; -1 for any
 * @param icmp type, or type and code with a slash; empty for any
 */
record ServiceArguments(String protocol, int first, int last, String icmp) {
  private static final long DETAILS = PortRange.MAX + 1L;
  private static final int BYTE = 256;

  /**
   * Returns the ways that together are the set. ICMP is called by the name that belongs to its
   * family: {@code ip6tables} takes {@code icmp} for a protocol that no packet of its has.
   */
  static List<ServiceArguments> of(ServiceSet services, IpFamily family) {
    if (services.equals(ServiceSet.over(family))) {
      return List.of(new ServiceArguments("", -1, -1, ""));
    }
    List<ServiceArguments> ways = new ArrayList<>();
    for (NumberSet.Range range : services.numbers().ranges()) {
      int last = (int) (range.last() / DETAILS);
      for (int number = (int) (range.first() / DETAILS); number <= last; number++) {
        long base = number * DETAILS;
        int from = (int) (Math.max(range.first(), base) - base);
        int to = (int) (Math.min(range.last(), base + DETAILS - 1) - base);
        ways.addAll(parts(Protocol.of(number), from, to));
      }
    }
    return ways;
  }

  private static String name(Protocol protocol) {
    if (protocol.number() == 0) {
      throw new IllegalArgumentException(
          "protocol 0: iptables takes it for any protocol; leave it out");
    }
    return protocol.equals(Protocol.ICMPV6)
        ? "icmpv6"
        : protocol.equals(Protocol.ICMP)
                || protocol.equals(Protocol.TCP)
                || protocol.equals(Protocol.UDP)
            ? protocol.toString()
            : Integer.toString(protocol.number());
  }

  private static List<ServiceArguments> parts(Protocol protocol, int first, int last) {
    if (first == 0 && last == DETAILS - 1) {
      return List.of(new ServiceArguments(name(protocol), -1, -1, ""));
    }
    if (!protocol.isIcmp()) {
      return List.of(new ServiceArguments(name(protocol), first, last, ""));
    }
    List<ServiceArguments> parts = new ArrayList<>();
    int next = first;
    while (next <= last) {
      boolean isWholeType = next % BYTE == 0 && next + BYTE - 1 <= last;
      int type = next / BYTE;
      parts.add(
          new ServiceArguments(
              name(protocol), -1, -1, isWholeType ? "" + type : type + "/" + next % BYTE));
      next += isWholeType ? BYTE : 1;
    }
    return parts;
  }

  boolean hasPorts() {
    return first >= 0;
  }

  /** Returns the ports with a colon, also when it is one. */
  String ports() {
    return first + ":" + last;
  }

  /** Returns the one port, or the ports with a colon. */
  String portOrPorts() {
    return first == last ? Integer.toString(first) : ports();
  }

  /** Returns {@code -p NAME} with what follows it, or nothing. */
  String protocolArgument() {
    return protocol.isEmpty() ? "" : "-p " + protocol + " ";
  }

  /** Returns the arguments that ask for the type, or nothing. */
  String icmpArguments() {
    if (icmp.isEmpty()) {
      return "";
    }
    return protocol.equals("icmpv6")
        ? "-m icmp6 --icmpv6-type " + icmp + " "
        : "-m icmp --icmp-type " + icmp + " ";
  }
}
