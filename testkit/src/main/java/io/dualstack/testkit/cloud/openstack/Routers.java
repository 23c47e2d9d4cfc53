package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The rules of routers and their extra routes. */
final class Routers {
  static final Set<String> FIELDS =
      Set.of("name", "description", "admin_state_up", "routes", "project_id", "tenant_id");

  private final Resources resources;
  int maxRoutes = 30;

  Routers(Resources resources) {
    this.resources = resources;
  }

  ObjectNode create(ObjectNode asked, String projectId) {
    ObjectNode router = asked.deepCopy();
    router.put("status", "ACTIVE");
    router.putArray("routes");
    return resources.add("routers", router, projectId);
  }

  ObjectNode update(ObjectNode router, ObjectNode change) {
    if (change.has("routes")) {
      change.set("routes", checked(router, change.path("routes")));
    }
    router.setAll(change);
    resources.changed(router);
    return router;
  }

  /** What is done to a router beside creating, updating and deleting it. */
  ObjectNode act(ObjectNode router, String action, ObjectNode body) {
    switch (action) {
      case "add_router_interface" -> addInterface(router, Json.text(body, "subnet_id"));
      case "add_extraroutes" -> {
        Set<JsonNode> routes = routes(router);
        body.path("router").path("routes").forEach(routes::add);
        put(router, routes);
      }
      case "remove_extraroutes" -> {
        Set<JsonNode> routes = routes(router);
        body.path("router").path("routes").forEach(routes::remove);
        put(router, routes);
      }
      default -> throw new Refused(404, "HTTPNotFound", "The resource could not be found.");
    }
    return router;
  }

  private static Set<JsonNode> routes(ObjectNode router) {
    Set<JsonNode> routes = new LinkedHashSet<>();
    router.path("routes").forEach(routes::add);
    return routes;
  }

  private void put(ObjectNode router, Set<JsonNode> routes) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    routes.forEach(array::add);
    if (!array.equals(router.path("routes"))) {
      router.set("routes", checked(router, array));
      resources.changed(router);
    }
  }

  private JsonNode checked(ObjectNode router, JsonNode routes) {
    if (routes.size() > maxRoutes) {
      throw new Refused(
          400,
          "RoutesExhausted",
          "Unable to complete operation for %s. The number of routes exceeds the maximum %d."
              .formatted(Json.text(router, "id"), maxRoutes));
    }
    Set<IpPrefix> connected = new HashSet<>();
    Set<IpAddress> own = new HashSet<>();
    for (ObjectNode port : resources.each("ports")) {
      if (Json.text(port, "device_id").equals(Json.text(router, "id"))) {
        for (JsonNode fixed : port.path("fixed_ips")) {
          own.add(IpAddress.parse(Json.text(fixed, "ip_address")));
          connected.add(
              IpPrefix.parse(
                  Json.text(
                      resources.get("subnets", Json.text(fixed, "subnet_id"), "Subnet"), "cidr")));
        }
      }
    }
    for (JsonNode route : routes) {
      IpAddress nexthop = IpAddress.parse(Json.text(route, "nexthop"));
      IpPrefix destination = IpPrefix.parse(Json.text(route, "destination"));
      if (destination.family() != nexthop.family()
          || own.contains(nexthop)
          || connected.stream().noneMatch(cidr -> cidr.contains(nexthop))) {
        throw new Refused(
            400,
            "InvalidRoutes",
            "Invalid format for routes: " + routes + ", the nexthop is not connected with router");
      }
    }
    return routes;
  }

  private void addInterface(ObjectNode router, String subnetId) {
    ObjectNode subnet = resources.get("subnets", subnetId, "Subnet");
    ObjectNode port = Json.object();
    port.put("network_id", Json.text(subnet, "network_id"));
    port.put("device_id", Json.text(router, "id"));
    port.put("device_owner", "network:router_interface");
    port.put("status", "ACTIVE");
    port.put("mac_address", "fa:16:3f:00:00:01");
    port.putArray("fixed_ips")
        .addObject()
        .put("subnet_id", subnetId)
        .put("ip_address", Json.text(subnet, "gateway_ip"));
    port.putArray("allowed_address_pairs");
    resources.add("ports", port, Json.text(router, "project_id"));
  }
}
