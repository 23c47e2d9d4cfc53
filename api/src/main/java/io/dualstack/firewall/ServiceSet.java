package io.dualstack.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A set of services of any protocols. A protocol that has neither ports nor types is in it or is
 * not, as a whole. Sets with the same services are equal.
 */
public final class ServiceSet {
  private static final int DETAILS = PortRange.MAX + 1;
  private static final long LAST = 256L * DETAILS - 1;

  /** Every service of every protocol. */
  public static final ServiceSet ALL = new ServiceSet(NumberSet.of(0, LAST));

  /** The set without a service. */
  public static final ServiceSet EMPTY = new ServiceSet(NumberSet.EMPTY);

  private static final ServiceSet OVER_IPV4 = ALL.subtract(of(Protocol.ICMPV6));
  private static final ServiceSet OVER_IPV6 =
      ALL.subtract(of(Protocol.ICMP)).subtract(of(Protocol.IGMP));

  private static final List<ServiceSet> WELL_KNOWN =
      Stream.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.ICMPV6)
          .map(ServiceSet::of)
          .toList();

  private final NumberSet numbers;

  private ServiceSet(NumberSet numbers) {
    this.numbers = numbers;
  }

  /**
   * {@return every service of the protocols that run over a family}
   *
   * @param family the family
   */
  public static ServiceSet over(IpFamily family) {
    return family == IpFamily.IPV4 ? OVER_IPV4 : OVER_IPV6;
  }

  /**
   * {@return every service of a protocol}
   *
   * @param protocol the protocol
   */
  public static ServiceSet of(Protocol protocol) {
    long first = new Service(protocol, 0).number();
    return new ServiceSet(NumberSet.of(first, first + PortRange.MAX));
  }

  /**
   * {@return the services of a protocol on destination ports}
   *
   * @param protocol a protocol with ports
   * @param ports the ports, in any order, overlapping or not
   * @throws IllegalArgumentException when the protocol has no ports
   */
  public static ServiceSet ports(Protocol protocol, Collection<PortRange> ports) {
    return new ServiceSet(
        NumberSet.of(
            ports.stream()
                .map(
                    range ->
                        new NumberSet.Range(
                            Service.port(protocol, range.first()).number(),
                            Service.port(protocol, range.last()).number()))
                .toList()));
  }

  /**
   * {@return the messages of ICMP or ICMPv6 with a type and a code}
   *
   * @param protocol {@link Protocol#ICMP} or {@link Protocol#ICMPV6}
   * @param type 0 to 255, or -1 for any
   * @param code 0 to 255, or -1 for any
   * @throws IllegalArgumentException when the protocol is another, or a number is out of range
   */
  public static ServiceSet icmp(Protocol protocol, int type, int code) {
    List<NumberSet.Range> ranges = new ArrayList<>();
    for (int t = type < 0 ? 0 : type; t <= (type < 0 ? 255 : type); t++) {
      ranges.add(
          new NumberSet.Range(
              Service.icmp(protocol, t, code < 0 ? 0 : code).number(),
              Service.icmp(protocol, t, code < 0 ? 255 : code).number()));
    }
    return new ServiceSet(NumberSet.of(ranges));
  }

  /**
   * {@return the services with these numbers; protocols without details that are in it in part are
   * in it as a whole}
   *
   * @param numbers numbers as of {@link Service#number}, below 2^24
   */
  public static ServiceSet ofNumbers(NumberSet numbers) {
    List<NumberSet.Range> whole = new ArrayList<>();
    for (NumberSet.Range range : numbers.intersect(ALL.numbers).ranges()) {
      Protocol first = Protocol.of((int) (range.first() / DETAILS));
      Protocol last = Protocol.of((int) (range.last() / DETAILS));
      whole.add(
          new NumberSet.Range(
              Service.hasDetail(first) ? range.first() : new Service(first, 0).number(),
              Service.hasDetail(last)
                  ? range.last()
                  : new Service(last, 0).number() + PortRange.MAX));
    }
    return new ServiceSet(NumberSet.of(whole));
  }

  /**
   * {@return the services in either set}
   *
   * @param other the other set
   */
  public ServiceSet union(ServiceSet other) {
    return new ServiceSet(numbers.union(other.numbers));
  }

  /**
   * {@return the services in both sets}
   *
   * @param other the other set
   */
  public ServiceSet intersect(ServiceSet other) {
    return new ServiceSet(numbers.intersect(other.numbers));
  }

  /**
   * {@return the services in this set and not in the other}
   *
   * @param other the other set
   */
  public ServiceSet subtract(ServiceSet other) {
    return new ServiceSet(numbers.subtract(other.numbers));
  }

  /**
   * {@return whether the service is in the set}
   *
   * @param service the service to look for
   */
  public boolean contains(Service service) {
    return numbers.contains(service.number());
  }

  /**
   * {@return whether some service of a protocol is in the set}
   *
   * @param protocol the protocol
   */
  public boolean overlaps(Protocol protocol) {
    return !intersect(of(protocol)).isEmpty();
  }

  /**
   * {@return a service of the set: of TCP, UDP, ICMP or ICMPv6 if there is one, else the lowest}
   *
   * @throws java.util.NoSuchElementException when there is none
   */
  public Service witness() {
    return Stream.concat(WELL_KNOWN.stream().map(this::intersect), Stream.of(this))
        .flatMap(set -> set.numbers.ranges().stream())
        .findFirst()
        .map(range -> Service.ofNumber(range.first()))
        .orElseThrow();
  }

  /** {@return whether there is no service in the set} */
  public boolean isEmpty() {
    return numbers.isEmpty();
  }

  /** {@return the services by number, all below 2^24} */
  public NumberSet numbers() {
    return numbers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceSet set && numbers.equals(set.numbers);
  }

  @Override
  public int hashCode() {
    return numbers.hashCode();
  }

  /**
   * Returns {@code all} for everything that runs over a family, else what is in it, such as {@code
   * tcp/80,443, icmp type 8 code 0}.
   */
  @Override
  public String toString() {
    if (equals(ALL) || equals(OVER_IPV4) || equals(OVER_IPV6)) {
      return "all";
    }
    return ServiceText.of(numbers);
  }
}
