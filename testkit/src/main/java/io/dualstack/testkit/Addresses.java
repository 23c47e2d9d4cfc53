package io.dualstack.testkit;

import io.dualstack.net.IpFamily;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Generators of the values of {@code io.dualstack.net}, to be narrowed step by step: {@code
 * Addresses.prefixes().ipv6().lengthBetween(48, 64).inside(pool)}.
 *
 * <p>A parameter such as {@code @ForAll IpPrefix} gets its values from here without further ado.
 * About a third of the addresses lie close together, so that two random blocks do meet; failing
 * values shrink toward the addresses kept for documentation.
 */
public final class Addresses {
  private static final long PLAINEST_MAC = 0x0200_0000_0000L;
  private static final int USUAL_PORT = 80;

  private Addresses() {}

  /**
   * Generates addresses of both families.
   *
   * @return all addresses
   */
  public static IpAddressArbitrary addresses() {
    return new IpAddressArbitrary(Pools.ALL);
  }

  /**
   * Generates prefixes of both families and every length.
   *
   * @return all prefixes
   */
  public static IpPrefixArbitrary prefixes() {
    return new IpPrefixArbitrary(Pools.ALL, 0, IpFamily.IPV6.bits());
  }

  /**
   * Generates ranges of both families, from one address to the whole family.
   *
   * @return all ranges
   */
  public static IpRangeArbitrary ranges() {
    return new IpRangeArbitrary(Pools.ALL);
  }

  /**
   * Generates sets of addresses of both families, the empty one among them.
   *
   * @return sets of up to eight ranges
   */
  public static IpSetArbitrary sets() {
    return new IpSetArbitrary(ranges());
  }

  /**
   * Generates addresses with the length of their network.
   *
   * @return all addresses with all lengths
   */
  public static InterfaceAddressArbitrary interfaceAddresses() {
    return new InterfaceAddressArbitrary(Pools.ALL);
  }

  /**
   * Generates addresses with a port.
   *
   * @return all addresses with all ports
   */
  public static IpEndpointArbitrary endpoints() {
    return new IpEndpointArbitrary(addresses());
  }

  /**
   * Generates ports, which shrink toward 80.
   *
   * @return 0 to 65535
   */
  public static Arbitrary<Integer> ports() {
    return Arbitraries.integers()
        .between(0, PortRange.MAX)
        .shrinkTowards(USUAL_PORT)
        .edgeCases(edges -> edges.includeOnly(0, USUAL_PORT, PortRange.MAX));
  }

  /**
   * Generates ranges of ports, half of them of a few ports.
   *
   * @return all ranges
   */
  public static Arbitrary<PortRange> portRanges() {
    Arbitrary<PortRange> any =
        Combinators.combine(ports(), ports())
            .as((one, other) -> PortRange.of(Math.min(one, other), Math.max(one, other)));
    Arbitrary<PortRange> few =
        Combinators.combine(ports(), Arbitraries.integers().between(0, 10))
            .as((first, more) -> PortRange.of(first, Math.min(first + more, PortRange.MAX)));
    return Arbitraries.oneOf(few, any);
  }

  /**
   * Generates protocols, most of them with a name; they shrink toward TCP.
   *
   * @return all protocols
   */
  public static Arbitrary<Protocol> protocols() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            3,
            Arbitraries.of(
                Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.ICMPV6, Protocol.SCTP)),
        Tuple.of(1, Arbitraries.integers().between(0, 255).map(Protocol::of)));
  }

  /**
   * Generates hardware addresses, which shrink toward {@code 02:00:00:00:00:00}, the first that
   * belongs to no manufacturer.
   *
   * @return all hardware addresses
   */
  public static Arbitrary<MacAddress> macs() {
    return Arbitraries.longs()
        .between(0, MacAddress.BROADCAST.bits())
        .shrinkTowards(PLAINEST_MAC)
        .map(MacAddress::of);
  }
}
