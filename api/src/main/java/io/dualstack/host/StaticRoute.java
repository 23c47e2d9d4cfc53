package io.dualstack.host;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A route that a provider has the agent add to a NIC. Immutable.
 *
 * @param destination where it leads; host bits are kept as they were given, as the agent does
 * @param gateway the next hop, of the same family
 * @param others further keys of the route as they are: JSON-like values
 */
public record StaticRoute(
    InterfaceAddress destination, IpAddress gateway, Map<String, Object> others) {

  /**
   * Copies the map.
   *
   * @param destination where it leads
   * @param gateway the next hop
   * @param others further keys of the route as they are
   * @throws IllegalArgumentException if destination and gateway are of different families
   */
  public StaticRoute {
    requireNonNull(destination, "destination");
    requireNonNull(gateway, "gateway");
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    if (destination.family() != gateway.family()) {
      throw new IllegalArgumentException(
          "%s: a route by way of %s crosses the families; use an %s gateway"
              .formatted(destination, gateway, destination.family().label()));
    }
  }

  /**
   * Returns a route without further keys.
   *
   * @param destination where it leads
   * @param gateway the next hop
   * @return the route
   */
  public static StaticRoute of(InterfaceAddress destination, IpAddress gateway) {
    return new StaticRoute(destination, gateway, Map.of());
  }
}
