package io.dualstack.impl.lease.agent;

import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What leads from the overlay device to the other cells, wanted or found, and the commands that
 * turn one into the other. Immutable.
 *
 * @param routes by destination
 * @param neighbors the hardware address of each overlay address
 * @param forwarding behind which underlay addresses each hardware address is: one, if all is well
 */
record OverlayEntries(
    Map<IpPrefix, Via> routes,
    Map<IpAddress, MacAddress> neighbors,
    Map<MacAddress, Set<IpAddress>> forwarding) {

  /**
   * How a destination is reached.
   *
   * @param gateway the other cell's overlay address
   * @param source this cell's overlay address; null when the kernel chooses
   * @param onLink whether the gateway is taken to be on the link, though no address says so
   */
  record Via(IpAddress gateway, @Nullable IpAddress source, boolean onLink) {}

  OverlayEntries {
    routes = new TreeMap<>(routes);
    neighbors = new TreeMap<>(neighbors);
    forwarding = new TreeMap<>(forwarding);
  }

  /**
   * Computes what is wanted for a set of leases. Leaves out the cell's own and those outside of the
   * overlay networks.
   */
  static OverlayEntries wanted(AgentConfig config, CellLease own, List<CellLease> leases) {
    Map<IpPrefix, Via> routes = new TreeMap<>();
    Map<IpAddress, MacAddress> neighbors = new TreeMap<>();
    Map<MacAddress, Set<IpAddress>> forwarding = new TreeMap<>();
    IpPrefix home = OverlayNetworks.networkOf(config, own.overlayIp());
    for (CellLease lease : leases) {
      if (isOwn(own, lease) || OverlayNetworks.networkOf(config, lease.overlayIp()) == null) {
        continue;
      }
      IpAddress remote = lease.overlayIp();
      boolean onLink = home == null || !home.contains(remote);
      // A single address of the own network is on the link by itself.
      if (onLink || !lease.overlaySubnet().isSingle()) {
        routes.put(lease.overlaySubnet(), new Via(remote, own.overlayIp(), onLink));
      }
      neighbors.put(remote, lease.hardwareAddress());
      forwarding.put(lease.hardwareAddress(), Set.of(lease.underlayIp()));
    }
    return new OverlayEntries(routes, neighbors, forwarding);
  }

  private static boolean isOwn(CellLease own, CellLease lease) {
    return lease.overlaySubnet().equals(own.overlaySubnet())
        || lease.underlayIp().equals(own.underlayIp());
  }

  /**
   * Returns the lines for {@code ip -batch} that turn what was found into this. New neighbors come
   * before the routes that lead to them, old routes go before their neighbors.
   */
  List<String> ipCommands(OverlayEntries found, String device) {
    List<String> lines = new ArrayList<>();
    neighbors.forEach(
        (address, hardware) -> {
          if (!hardware.equals(found.neighbors.get(address))) {
            lines.add(
                "neighbor replace %s lladdr %s dev %s nud permanent"
                    .formatted(address, hardware, device));
          }
        });
    routes.forEach(
        (destination, via) -> {
          if (!via.equals(found.routes.get(destination))) {
            lines.add(
                "route replace %s via %s dev %s%s%s"
                    .formatted(
                        destination,
                        via.gateway(),
                        device,
                        via.source() == null ? "" : " src " + via.source(),
                        via.onLink() ? " onlink" : ""));
          }
        });
    found.routes.forEach(
        (destination, via) -> {
          if (!routes.containsKey(destination)) {
            lines.add(
                "route delete %s via %s dev %s".formatted(destination, via.gateway(), device));
          }
        });
    found.neighbors.forEach(
        (address, hardware) -> {
          if (!neighbors.containsKey(address)) {
            lines.add("neighbor delete %s dev %s".formatted(address, device));
          }
        });
    return lines;
  }

  /** Returns the lines for {@code bridge -batch} that turn what was found into this. */
  List<String> bridgeCommands(OverlayEntries found, String device) {
    List<String> lines = new ArrayList<>();
    found.forwarding.forEach(
        (hardware, behind) -> {
          Set<IpAddress> right = forwarding.getOrDefault(hardware, Set.of());
          for (IpAddress underlayIp : new TreeSet<>(behind)) {
            if (!right.contains(underlayIp)) {
              lines.add("fdb delete %s dev %s dst %s self".formatted(hardware, device, underlayIp));
            }
          }
        });
    forwarding.forEach(
        (hardware, behind) -> {
          Set<IpAddress> there = found.forwarding.getOrDefault(hardware, Set.of());
          for (IpAddress underlayIp : behind) {
            if (!there.contains(underlayIp)) {
              lines.add(
                  "fdb replace %s dev %s dst %s self permanent"
                      .formatted(hardware, device, underlayIp));
            }
          }
        });
    return lines;
  }
}
