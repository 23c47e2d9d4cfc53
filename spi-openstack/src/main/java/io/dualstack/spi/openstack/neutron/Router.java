package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A router.
 *
 * @param id its id
 * @param routes its extra routes
 * @param revision its revision; null if the service counts none
 */
public record Router(String id, List<Route> routes, @Nullable Long revision) {

  /**
   * An extra route.
   *
   * @param destination where to
   * @param nexthop through whom
   */
  public record Route(IpPrefix destination, IpAddress nexthop) {}

  static Router of(JsonNode node) {
    List<Route> routes = new ArrayList<>();
    for (JsonNode route : node.path("routes")) {
      Optional<IpPrefix> destination = Json.block(Json.text(route, "destination"));
      Optional<IpAddress> nexthop = IpAddress.tryParse(Json.text(route, "nexthop"));
      if (destination.isPresent() && nexthop.isPresent()) {
        routes.add(new Route(destination.get(), nexthop.get()));
      }
    }
    return new Router(Json.text(node, "id"), List.copyOf(routes), Json.revision(node));
  }
}
