package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route that a container gets. Immutable.
 *
 * @param dst where it leads; host bits are kept as they were given
 * @param gw the next hop; null for the gateway of the address of the same family
 * @param mtu the largest packet in bytes; 0 for none
 * @param advmss the TCP segment size to announce, in bytes; 0 for none
 * @param priority the metric; 0 for none
 * @param table the routing table; null for the main one
 * @param scope the kernel's number of the scope; null for its choice
 * @param others fields that the specification doesn't know: JSON-like values
 */
public record CniRoute(
    InterfaceAddress dst,
    @Nullable IpAddress gw,
    int mtu,
    int advmss,
    int priority,
    @Nullable Integer table,
    @Nullable Integer scope,
    Map<String, Object> others) {

  /**
   * Copies the map. The numbers are the kernel's to judge.
   *
   * @param dst where it leads
   * @param gw the next hop; null for the gateway of the address of the same family
   * @param mtu the largest packet in bytes; 0 for none
   * @param advmss the TCP segment size to announce, in bytes; 0 for none
   * @param priority the metric; 0 for none
   * @param table the routing table; null for the main one
   * @param scope the kernel's number of the scope; null for its choice
   * @param others fields that the specification doesn't know
   */
  public CniRoute {
    requireNonNull(dst, "dst");
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns a route with a next hop.
   *
   * @param dst where it leads
   * @param gw the next hop; null for the gateway of the address of the same family
   * @return the route
   */
  public static CniRoute of(IpPrefix dst, @Nullable IpAddress gw) {
    return new CniRoute(
        InterfaceAddress.of(dst.address(), dst.length()), gw, 0, 0, 0, null, null, Map.of());
  }
}
