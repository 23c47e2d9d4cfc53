package io.dualstack.spi.openstack;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.Port;
import io.dualstack.spi.openstack.neutron.Router;
import io.dualstack.spi.openstack.neutron.Router.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routes to prefixes that are not on the NIC's own link: extra routes of a router through the
 * NIC's address of the same family. All routes through a NIC's addresses are its own: those to
 * prefixes that it doesn't have any more are removed. Thread-safe.
 */
final class PrefixRoutes {
  private final Neutron neutron;
  private final Marks marks;

  PrefixRoutes(Neutron neutron, Marks marks) {
    this.neutron = neutron;
    this.marks = marks;
  }

  /** Adds the routes that are missing, and leaves others as they are. */
  void add(String routerId, Map<IpPrefix, IpAddress> wanted) {
    if (!wanted.isEmpty()) {
      change(routerId, Set.of(), wanted);
    }
  }

  /**
   * Removes the routes through a NIC's addresses except those that are wanted. A router that is
   * gone has none.
   */
  void keepOnly(String routerId, Collection<IpAddress> addresses, Map<IpPrefix, IpAddress> wanted) {
    change(routerId, addresses, wanted);
  }

  private void change(
      String routerId, Collection<IpAddress> addresses, Map<IpPrefix, IpAddress> wanted) {
    for (int tried = 1; ; tried++) {
      Optional<Router> found = neutron.router(routerId);
      if (found.isEmpty() && wanted.isEmpty()) {
        return;
      }
      Router router =
          found.orElseThrow(
              () ->
                  refused(
                      Reason.REFUSED,
                      false,
                      "router %s: doesn't exist; correct router_id".formatted(routerId)));
      Set<Route> gone = new LinkedHashSet<>();
      Set<Route> more = new LinkedHashSet<>();
      for (Route route : router.routes()) {
        IpAddress nexthop = wanted.get(route.destination());
        if (nexthop != null && !nexthop.equals(route.nexthop())) {
          checkLeftBehind(router, route);
          gone.add(route);
        } else if (nexthop == null && addresses.contains(route.nexthop())) {
          gone.add(route);
        }
      }
      wanted.forEach((prefix, nexthop) -> more.add(new Route(prefix, nexthop)));
      List<Route> missing = new ArrayList<>(more);
      missing.removeAll(router.routes());
      try {
        neutron.changeRoutes(router, gone, missing);
        return;
      } catch (ApiFailure failure) {
        if (!Refusals.isStale(failure) || tried >= neutron.patience().attempts()) {
          throw failure;
        }
        neutron.patience().await(tried, null);
      }
    }
  }

  /** A route to the same prefix is in nobody's way if it leads to nobody, or was ours. */
  private void checkLeftBehind(Router router, Route route) {
    List<Port> ports = neutron.ports(Map.of("fixed_ips", "ip_address=" + route.nexthop()));
    if (ports.stream().anyMatch(port -> marks.read(port).isEmpty())) {
      throw refused(
          Reason.CONFLICT,
          true,
          "router %s: routes %s through %s already; use another prefix, or remove that route"
              .formatted(router.id(), route.destination(), route.nexthop()));
    }
  }

  private static ProviderException refused(Reason reason, boolean retryable, String message) {
    return new ProviderException(OpenStackNetworkProvider.NAME, reason, retryable, message, null);
  }
}
