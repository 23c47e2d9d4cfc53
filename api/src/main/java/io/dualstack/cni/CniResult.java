package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ADD made: the success type of the CNI specification 1.1.0, complete. It has no version of
 * its own; the writer is told one. Immutable, all orders are kept.
 *
 * @param interfaces the interfaces on the host and in the container; an IPAM plugin has none
 * @param ips the addresses, in the order of the range sets
 * @param routes the routes
 * @param dns what the container is told about name servers
 * @param others fields that the specification doesn't know: JSON-like values
 */
public record CniResult(
    List<CniInterface> interfaces,
    List<CniIp> ips,
    List<CniRoute> routes,
    CniDns dns,
    Map<String, Object> others) {

  /** Nothing at all. */
  public static final CniResult EMPTY =
      new CniResult(List.of(), List.of(), List.of(), CniDns.NONE, Map.of());

  /**
   * Copies the collections.
   *
   * @param interfaces the interfaces on the host and in the container
   * @param ips the addresses
   * @param routes the routes
   * @param dns what the container is told about name servers
   * @param others fields that the specification doesn't know
   */
  public CniResult {
    requireNonNull(dns, "dns");
    interfaces = List.copyOf(interfaces);
    ips = List.copyOf(ips);
    routes = List.copyOf(routes);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns the answer of an IPAM plugin.
   *
   * @param ips the addresses, in the order of the range sets
   * @param routes the routes
   * @param dns what the container is told about name servers
   * @return a result without interfaces
   */
  public static CniResult ofIpam(List<CniIp> ips, List<CniRoute> routes, CniDns dns) {
    return new CniResult(List.of(), ips, routes, dns, Map.of());
  }

  /**
   * Returns the same with other interfaces.
   *
   * @param replacement the interfaces
   * @return a copy
   */
  public CniResult withInterfaces(List<CniInterface> replacement) {
    return new CniResult(replacement, ips, routes, dns, others);
  }

  /**
   * Returns the same with other addresses.
   *
   * @param replacement the addresses
   * @return a copy
   */
  public CniResult withIps(List<CniIp> replacement) {
    return new CniResult(interfaces, replacement, routes, dns, others);
  }

  /**
   * Returns the same with other routes.
   *
   * @param replacement the routes
   * @return a copy
   */
  public CniResult withRoutes(List<CniRoute> replacement) {
    return new CniResult(interfaces, ips, replacement, dns, others);
  }

  /**
   * Returns the same with other name servers.
   *
   * @param replacement what the container is told about name servers
   * @return a copy
   */
  public CniResult withDns(CniDns replacement) {
    return new CniResult(interfaces, ips, routes, replacement, others);
  }
}
