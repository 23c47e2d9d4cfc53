package io.dualstack.impl.host.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.host.StaticRoute;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a route, spelled as the agent's own fields are. */
final class RouteFields {

  private static final Set<String> KEYS = Set.of("Destination", "Gateway", "Netmask");

  private RouteFields() {}

  static List<JsonNode> write(String network, List<StaticRoute> routes) {
    List<JsonNode> nodes = new ArrayList<>();
    for (StaticRoute route : routes) {
      InterfaceAddress destination = route.destination();
      ObjectNode node = JsonValues.NODES.objectNode();
      node.put("Destination", destination.address().toString());
      node.put("Gateway", route.gateway().toString());
      node.put("Netmask", Netmasks.text(destination.family(), destination.prefixLength()));
      JsonValues.addOthers(
          "%s: routes/%d".formatted(network, nodes.size()), route.others(), KEYS, node);
      nodes.add(node);
    }
    return nodes;
  }

  /** Reads routes, without those that have findings. */
  static List<StaticRoute> read(List<Fields> routes) {
    List<StaticRoute> read = new ArrayList<>();
    for (Fields in : routes) {
      StaticRoute route = read(in);
      if (route != null) {
        read.add(route);
      }
    }
    return read;
  }

  private static @Nullable StaticRoute read(Fields in) {
    IpAddress destination = in.required("Destination", "10.0.0.0", NetworkFields::address);
    IpAddress gateway = in.required("Gateway", "10.0.16.1", NetworkFields::address);
    Integer length =
        in.required(
            "Netmask",
            "255.0.0.0",
            text ->
                destination == null
                    ? 0
                    : Netmasks.length(destination.family(), IpAddress.parse(text)));
    if (destination == null || gateway == null || length == null) {
      return null;
    }
    try {
      return new StaticRoute(InterfaceAddress.of(destination, length), gateway, in.rest());
    } catch (IllegalArgumentException e) {
      in.refuse(String.valueOf(e.getMessage()));
      return null;
    }
  }
}
