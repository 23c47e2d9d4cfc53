package io.dualstack.net;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A protocol above IP by its number, as IANA assigns them (RFC 5237): the protocol field of IPv4,
 * the next-header field of IPv6. Ordered by number. Immutable.
 *
 * @param number 0 to 255
 */
public record Protocol(int number) implements Comparable<Protocol> {
  /** Internet Control Message Protocol of IPv4, RFC 792. */
  public static final Protocol ICMP = new Protocol(1);

  /** Internet Group Management Protocol of IPv4, RFC 3376. */
  public static final Protocol IGMP = new Protocol(2);

  /** IPv4 in IP, RFC 2003. */
  public static final Protocol IPV4 = new Protocol(4);

  /** Transmission Control Protocol, RFC 9293. */
  public static final Protocol TCP = new Protocol(6);

  /** User Datagram Protocol, RFC 768. */
  public static final Protocol UDP = new Protocol(17);

  /** Datagram Congestion Control Protocol, RFC 4340. */
  public static final Protocol DCCP = new Protocol(33);

  /** IPv6 in IP, RFC 2473. */
  public static final Protocol IPV6 = new Protocol(41);

  /** Generic Routing Encapsulation, RFC 2784. */
  public static final Protocol GRE = new Protocol(47);

  /** Encapsulating Security Payload, RFC 4303. */
  public static final Protocol ESP = new Protocol(50);

  /** Authentication Header, RFC 4302. */
  public static final Protocol AH = new Protocol(51);

  /** Internet Control Message Protocol of IPv6, RFC 4443. */
  public static final Protocol ICMPV6 = new Protocol(58);

  /** Open Shortest Path First, RFC 2328 and RFC 5340. */
  public static final Protocol OSPF = new Protocol(89);

  /** Virtual Router Redundancy Protocol, RFC 9568. */
  public static final Protocol VRRP = new Protocol(112);

  /** Stream Control Transmission Protocol, RFC 9260. */
  public static final Protocol SCTP = new Protocol(132);

  /** Lightweight User Datagram Protocol, RFC 3828. */
  public static final Protocol UDPLITE = new Protocol(136);

  private static final int MAX = 255;

  /** Names that are read; the first name of a number is the one that is written. */
  private record Named(Protocol protocol, List<String> names) {}

  private static final List<Named> REGISTRY =
      List.of(
          new Named(ICMP, List.of("icmp", "icmpv4", "icmp4")),
          new Named(IGMP, List.of("igmp")),
          new Named(IPV4, List.of("ipv4", "ipencap", "ipip")),
          new Named(TCP, List.of("tcp")),
          new Named(UDP, List.of("udp")),
          new Named(DCCP, List.of("dccp")),
          new Named(IPV6, List.of("ipv6")),
          new Named(GRE, List.of("gre")),
          new Named(ESP, List.of("esp", "ipv6-crypt")),
          new Named(AH, List.of("ah", "ipv6-auth")),
          new Named(ICMPV6, List.of("icmpv6", "ipv6-icmp", "icmp6")),
          new Named(OSPF, List.of("ospf", "ospfigp")),
          new Named(VRRP, List.of("vrrp")),
          new Named(SCTP, List.of("sctp")),
          new Named(UDPLITE, List.of("udplite")));

  private static final Map<String, Protocol> BY_NAME =
      REGISTRY.stream()
          .flatMap(named -> named.names().stream().map(name -> Map.entry(name, named.protocol())))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final Map<Integer, String> NAMES =
      REGISTRY.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  named -> named.protocol().number(), named -> named.names().get(0)));

  /**
   * Checks the number.
   *
   * @param number 0 to 255
   * @throws IllegalArgumentException when the number is outside 0 to 255
   */
  public Protocol {
    if (number < 0 || number > MAX) {
      throw new IllegalArgumentException(
          "%d: not a protocol number; use 0 to %d".formatted(number, MAX));
    }
  }

  /**
   * Reads a name in upper or lower case, such as {@code tcp} or {@code ipv6-icmp}, or a number.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is neither
   */
  public static Protocol parse(String text) {
    Protocol named = BY_NAME.get(text.toLowerCase(Locale.ROOT));
    if (named != null) {
      return named;
    }
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      throw new AddressSyntaxException(text, unknown(text));
    }
    String problem = IpText.numberProblem(text, "protocol number", MAX);
    if (!problem.isEmpty()) {
      throw new AddressSyntaxException(text, problem);
    }
    return new Protocol(Integer.parseInt(text));
  }

  private static String unknown(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.equals("all") || name.equals("any") || name.equals("ip") || name.equals("*")) {
      return "means every protocol, not one; leave the protocol out, or name one";
    }
    return "is not a protocol known by name; write its number, or one of "
        + REGISTRY.stream().map(named -> named.names().get(0)).collect(Collectors.joining(", "));
  }

  /**
   * Reads a protocol as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<Protocol> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (AddressSyntaxException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return the protocol with this number}
   *
   * @param number 0 to 255
   * @throws IllegalArgumentException when the number is outside 0 to 255
   */
  public static Protocol of(int number) {
    return new Protocol(number);
  }

  /**
   * {@return the control message protocol of a family: {@link #ICMP} or {@link #ICMPV6}}
   *
   * @param family the family
   */
  public static Protocol icmpOf(IpFamily family) {
    return family == IpFamily.IPV4 ? ICMP : ICMPV6;
  }

  /** {@return the name in lower case; empty for a number that has none here} */
  public Optional<String> name() {
    return Optional.ofNullable(NAMES.get(number));
  }

  /** {@return whether this is the control message protocol of either family} */
  public boolean isIcmp() {
    return equals(ICMP) || equals(ICMPV6);
  }

  /** {@return whether packets of the protocol start with a source and a destination port} */
  public boolean hasPorts() {
    return equals(TCP) || equals(UDP) || equals(SCTP) || equals(DCCP) || equals(UDPLITE);
  }

  /** {@return the only family that the protocol belongs to; empty when it runs over both} */
  public Optional<IpFamily> family() {
    if (equals(ICMP) || equals(IGMP)) {
      return Optional.of(IpFamily.IPV4);
    }
    return equals(ICMPV6) ? Optional.of(IpFamily.IPV6) : Optional.empty();
  }

  /**
   * {@return whether the protocol runs over the family: ICMP not over IPv6, ICMPv6 not over IPv4}
   *
   * @param family the family
   */
  public boolean runsOver(IpFamily family) {
    return family().map(family::equals).orElse(true);
  }

  @Override
  public int compareTo(Protocol other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public int hashCode() {
    return number;
  }

  /** Returns the name, or the number where there is none. */
  @Override
  public String toString() {
    return name().orElseGet(() -> Integer.toString(number));
  }
}
