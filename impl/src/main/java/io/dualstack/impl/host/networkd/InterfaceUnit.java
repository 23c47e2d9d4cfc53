package io.dualstack.impl.host.networkd;

import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.StaticRoute;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One interface's file. With one address and no delegated prefix, it is the agent's to the byte.
 *
 * <p>Section and key order are the agent's: Match, Address, Network, DHCP, Route.
 */
final class InterfaceUnit {

  /**
   * The metric of the discard routes. With networkd's own choice nobody could add a route for the
   * prefix to where its addresses really are: the kernel refuses a second IPv6 route of the same
   * metric, and prefers the older one in IPv4. This is the largest signed number, beyond what
   * anybody gives a route that is to be used.
   */
  private static final int LEAST_PREFERRED = Integer.MAX_VALUE;

  private final String name;
  private final List<VmNetwork> networks;
  private final List<IpAddress> dns;
  private final boolean machineHasDefault;

  /**
   * Takes what is to be written.
   *
   * @param networks the networks on the interface in the order in which to write them
   * @param dns the machine's name servers
   * @param machineHasDefault whether any network of the machine is the default for gateway
   */
  InterfaceUnit(
      String name, List<VmNetwork> networks, List<IpAddress> dns, boolean machineHasDefault) {
    this.name = name;
    this.networks = networks;
    this.dns = dns;
    this.machineHasDefault = machineHasDefault;
  }

  String format() {
    UnitText unit = new UnitText();
    unit.section("Match").key("Name", name).end();
    List<VmNetwork> addressed = networks.stream().filter(InterfaceUnit::hasStaticAddress).toList();
    addressed.stream().filter(network -> label(network) == null).forEach(n -> address(n, unit));
    addressed.stream().filter(network -> label(network) != null).forEach(n -> address(n, unit));
    boolean dhcp = networks.isEmpty() || !networks.stream().allMatch(InterfaceUnit::isStatic);
    network(addressed, dhcp, unit);
    if (dhcp) {
      unit.section("DHCP").key("UseDomains", "yes").key("UseMTU", "yes");
      if (machineHasDefault && !isDefault()) {
        unit.key("UseRoutes", "no");
      }
      unit.end();
    }
    for (VmNetwork network : networks) {
      network.hints().routes().forEach(route -> route(route, unit));
    }
    networks.stream()
        .filter(VmNetwork::isDelegated)
        .flatMap(network -> Stream.ofNullable(network.block()))
        .forEach(prefix -> discard(prefix, unit));
    return unit.toString();
  }

  /** As the agent decides it; it then needs the address, which DHCP would have found. */
  private static boolean isStatic(VmNetwork network) {
    boolean known = network.block() != null && network.range() != null;
    if (!network.hints().alias().isEmpty()) {
      if (!known) {
        throw new IllegalArgumentException(
            "%s: has the alias %s but no address with a netmask; give both"
                .formatted(network.name(), network.hints().alias()));
      }
      return true;
    }
    return known
        && network.type() != NetworkType.DYNAMIC
        && !network.useDhcp()
        && !network.hints().resolved();
  }

  private static boolean hasStaticAddress(VmNetwork network) {
    return isStatic(network) && !network.isDelegated();
  }

  private boolean isDefault() {
    return networks.stream().anyMatch(network -> network.isDefaultFor(DefaultFor.GATEWAY));
  }

  /** Returns the label of a further address of the interface; null for one of its own. */
  private static @Nullable String label(VmNetwork network) {
    String alias = network.hints().alias();
    return network.mac() == null && alias.indexOf(':') >= 0 ? alias : null;
  }

  private static void address(VmNetwork network, UnitText unit) {
    IpPrefix block = network.block();
    IpPrefix range = network.range();
    if (block == null || range == null) {
      return;
    }
    boolean ipv4 = block.family() == IpFamily.IPV4;
    String label = label(network);
    unit.section("Address");
    if (label != null && ipv4) {
      unit.key("Label", label);
    }
    unit.key("Address", InterfaceAddress.of(block.first(), range.length()));
    if (label == null && ipv4 && network.isDefaultFor(DefaultFor.GATEWAY)) {
      unit.key("Broadcast", range.last());
    }
    unit.end();
  }

  private void network(List<VmNetwork> addressed, boolean dhcp, UnitText unit) {
    unit.section("Network");
    if (dhcp) {
      unit.key("DHCP", "yes");
    }
    if (isDefault()) {
      gateways(addressed).forEach(gateway -> unit.key("Gateway", gateway));
    }
    if (hasIpv6()) {
      unit.key("IPv6AcceptRA", "true");
    }
    dns.forEach(server -> unit.key("DNS", server));
    unit.end();
  }

  private boolean hasIpv6() {
    return networks.stream()
        .anyMatch(network -> network.family().filter(IpFamily.IPV6::equals).isPresent());
  }

  /**
   * Returns the gateways of the NIC of the default gateway. Only one network of a machine is the
   * default, and is of one family; the other family goes by the gateway of its first address on the
   * same NIC. A delegated prefix brings no address that a gateway could be reached from.
   */
  private static List<String> gateways(List<VmNetwork> addressed) {
    Set<String> gateways = new LinkedHashSet<>();
    for (IpFamily family : IpFamily.values()) {
      List<VmNetwork> inFamily =
          addressed.stream()
              .filter(network -> network.family().filter(family::equals).isPresent())
              .toList();
      List<VmNetwork> defaults =
          inFamily.stream().filter(network -> network.isDefaultFor(DefaultFor.GATEWAY)).toList();
      (defaults.isEmpty() ? inFamily : defaults)
          .stream()
              .flatMap(network -> Stream.ofNullable(network.gateway()))
              .limit(defaults.isEmpty() ? 1 : defaults.size())
              .forEach(gateway -> gateways.add(gateway.toString()));
    }
    if (gateways.isEmpty() && !addressed.isEmpty()) {
      // The agent's own way to say that the default network has no gateway.
      return List.of("");
    }
    return new ArrayList<>(gateways);
  }

  private static void route(StaticRoute route, UnitText unit) {
    unit.section("Route")
        .key("Destination", route.destination())
        .key("Gateway", route.gateway())
        .end();
  }

  private static void discard(IpPrefix prefix, UnitText unit) {
    unit.section("Route")
        .key("Destination", prefix)
        .key("Type", "unreachable")
        .key("Metric", LEAST_PREFERRED)
        .end();
  }
}
