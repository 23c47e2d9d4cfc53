package io.dualstack.impl.host;

import io.dualstack.host.AgentHints;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.StaticRoute;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Networks and settings of every shape that the formats can tell. */
final class HostArbitraries {

  /** The bits of an address before its family is known: drawing one after the other is slow. */
  private record Bits(long high, long low) {
    IpAddress in(IpFamily family) {
      if (family == IpFamily.IPV4) {
        return IpAddress.ipv4(low >>> 32);
      }
      IpAddress address = IpAddress.ipv6(high, low);
      return address.isIpv4Mapped() ? IpAddress.ipv6(high, ~low) : address;
    }
  }

  /** An address, and how it is told. */
  private record Place(
      Bits bits, int rangeLength, int blockLength, boolean known, boolean rangeKnown) {
    IpPrefix block(IpFamily family, NetworkType type) {
      IpAddress address = bits.in(family);
      if (!known && type != NetworkType.VIP) {
        return null;
      }
      boolean delegated =
          type == NetworkType.MANUAL && length(blockLength, family) >= length(rangeLength, family);
      return delegated
          ? IpPrefix.containing(address, length(blockLength, family))
          : IpPrefix.single(address);
    }

    IpPrefix range(IpFamily family, NetworkType type) {
      IpPrefix block = block(family, type);
      return block == null || !rangeKnown || type == NetworkType.VIP
          ? null
          : IpPrefix.containing(block.first(), length(rangeLength, family));
    }
  }

  /** What has no address of its own. */
  private record Traits(
      List<Bits> dns,
      Bits gateway,
      Set<DefaultFor> defaults,
      Integer group,
      MacAddress mac,
      boolean dhcp,
      Map<String, Object> properties) {}

  private record Route(Bits destination, int length, Bits gateway, Map<String, Object> others) {
    StaticRoute in(IpFamily family) {
      return new StaticRoute(
          InterfaceAddress.of(destination.in(family), HostArbitraries.length(length, family)),
          gateway.in(family),
          others);
    }
  }

  private record Hints(
      String alias,
      boolean resolved,
      boolean preconfigured,
      List<Route> routes,
      Map<String, Object> others) {
    AgentHints in(IpFamily family, boolean addressed) {
      return new AgentHints(
          addressed ? alias : "",
          resolved,
          preconfigured,
          routes.stream().map(route -> route.in(family)).toList(),
          others);
    }
  }

  private HostArbitraries() {}

  static Arbitrary<AgentSettings> settings() {
    return Combinators.combine(
            names().injectNull(0.1).map(name -> name == null ? "" : name),
            names().injectNull(0.1).map(name -> name == null ? "" : name),
            networks(),
            Arbitraries.of(true, false),
            others())
        .as(AgentSettings::new)
        .withoutEdgeCases();
  }

  static Arbitrary<List<VmNetwork>> networks() {
    return network(families())
        .list()
        .ofMaxSize(5)
        .uniqueElements(VmNetwork::name)
        .withoutEdgeCases();
  }

  static Arbitrary<List<VmNetwork>> networksWithoutIpv6() {
    return network(Arbitraries.just(IpFamily.IPV4))
        .list()
        .ofMaxSize(5)
        .uniqueElements(VmNetwork::name)
        .withoutEdgeCases();
  }

  /** Interface names for the NICs of networks; now and then two NICs are one interface. */
  static Map<String, String> interfaces(List<VmNetwork> networks) {
    Map<String, String> interfaces = new HashMap<>();
    List<VmNetwork> onNics =
        networks.stream().filter(network -> network.type() != NetworkType.VIP).toList();
    for (VmNetwork network : onNics) {
      interfaces.putIfAbsent(network.nic(), "eth" + interfaces.size() % 3);
    }
    return interfaces;
  }

  private static Arbitrary<VmNetwork> network(Arbitrary<IpFamily> families) {
    return Combinators.combine(
            families, Arbitraries.of(NetworkType.values()), names(), places(), traits(), hints())
        .as(
            (family, type, name, place, traits, hints) ->
                new VmNetwork(
                    name,
                    type,
                    place.block(family, type),
                    place.range(family, type),
                    traits.gateway() == null ? null : traits.gateway().in(family),
                    traits.dns().stream().map(server -> server.in(family)).toList(),
                    traits.defaults(),
                    traits.group(),
                    traits.mac(),
                    traits.dhcp(),
                    traits.properties(),
                    hints.in(family, place.range(family, type) != null)))
        // There are so many that nothing else would be tried.
        .withoutEdgeCases();
  }

  static Arbitrary<IpFamily> families() {
    return Arbitraries.of(IpFamily.values());
  }

  /** JSON as plain values, each in the only type that stands for it. */
  static Arbitrary<Object> json() {
    return nested(nested(scalars()));
  }

  private static Arbitrary<Object> scalars() {
    return Arbitraries.oneOf(
        Arbitraries.of(true, false).asGeneric(),
        Arbitraries.strings().ofMaxLength(6).asGeneric(),
        Arbitraries.integers().asGeneric(),
        Arbitraries.longs().filter(number -> number != (int) (long) number).asGeneric(),
        Arbitraries.longs()
            .map(number -> BigInteger.valueOf(number).shiftLeft(64).setBit(64))
            .asGeneric(),
        Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(1, 30))
            .as((digits, scale) -> BigDecimal.valueOf(digits, scale))
            .asGeneric());
  }

  private static Arbitrary<Object> nested(Arbitrary<Object> inner) {
    return Arbitraries.oneOf(
        inner, inner.injectNull(0.2).list().ofMaxSize(3).asGeneric(), members(inner).asGeneric());
  }

  private static Arbitrary<Map<String, Object>> members() {
    return members(nested(scalars()));
  }

  private static Arbitrary<Map<String, Object>> members(Arbitrary<Object> values) {
    // Not Arbitraries.maps, which spends most of its time on comparing generators.
    return Combinators.combine(names(), values.injectNull(0.2))
        .as((name, value) -> Tuple.of(name, value))
        .list()
        .ofMaxSize(2)
        .map(
            entries -> {
              Map<String, Object> map = new LinkedHashMap<>();
              entries.forEach(entry -> map.put(entry.get1(), entry.get2()));
              return map;
            });
  }

  /** Members whose names are none of the formats'. */
  static Arbitrary<Map<String, Object>> others() {
    return members()
        .map(
            map -> {
              Map<String, Object> renamed = new LinkedHashMap<>();
              map.forEach((name, value) -> renamed.put("x-" + name, value));
              return renamed;
            });
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().withChars("ab/~. \"é:").alpha().ofMinLength(1).ofMaxLength(5);
  }

  private static Arbitrary<Place> places() {
    return Combinators.combine(
            bits(),
            Arbitraries.integers().between(8, 128),
            Arbitraries.integers().between(0, 128),
            Arbitraries.of(true, true, true, true, false),
            Arbitraries.of(true, true, true, false))
        .as(Place::new);
  }

  private static int length(int outOf128, IpFamily family) {
    return outOf128 * family.bits() / 128;
  }

  private static Arbitrary<Bits> bits() {
    return Combinators.combine(
            Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(0, 1),
                Arbitraries.longs().between(0, 0xffff_ffffL).map(low -> 0x2001_0db8L << 32 | low)),
            Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, 0xffff_ffffL)))
        .as(Bits::new);
  }

  private static Arbitrary<Traits> traits() {
    return Combinators.combine(
            bits().list().ofMaxSize(3),
            bits().injectNull(0.3),
            Arbitraries.of(DefaultFor.values()).set().ofMaxSize(3),
            Arbitraries.integers().between(0, 2).injectNull(0.5),
            Arbitraries.longs().between(0, 0xffff_ffff_ffffL).map(MacAddress::of).injectNull(0.5),
            Arbitraries.of(true, false),
            members())
        .as(Traits::new);
  }

  private static Arbitrary<Hints> hints() {
    return Combinators.combine(
            Arbitraries.of("", "", "", "eth0", "eth0:1", "eth7:label"),
            Arbitraries.of(false, false, false, true),
            Arbitraries.of(false, false, false, true),
            Combinators.combine(bits(), Arbitraries.integers().between(0, 128), bits(), others())
                .as(Route::new)
                .list()
                .ofMaxSize(2),
            others())
        .as(Hints::new);
  }

  /** The same networks in another order. */
  static List<VmNetwork> turned(List<VmNetwork> networks, int by) {
    List<VmNetwork> turned = new ArrayList<>(networks);
    Collections.rotate(turned, by);
    return turned;
  }
}
