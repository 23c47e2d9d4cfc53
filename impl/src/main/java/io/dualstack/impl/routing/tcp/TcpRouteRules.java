package io.dualstack.impl.routing.tcp;

import io.dualstack.RouteRefusedException;
import io.dualstack.net.PortRange;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import io.dualstack.routing.TcpRouteTableConfig;

/** What a route must be: the routing API's rules in its order, then ours. */
final class TcpRouteRules {
  /** Whether a route is to be kept, or to be gone. */
  enum Purpose {
    UPSERT,
    DELETE
  }

  private final TcpRouteTableConfig config;

  TcpRouteRules(TcpRouteTableConfig config) {
    this.config = config;
  }

  /**
   * Checks a route alone.
   *
   * @param index its place among those that are told
   * @return it with the backend in canonical text
   * @throws RouteRefusedException for the first rule that it breaks
   */
  TcpRoute check(TcpRoute route, int index, Purpose purpose) {
    String at = "/" + index + "/";
    if (route.routerGroupGuid().isEmpty()) {
      throw refused(at, "router_group_guid", "RouterGroupMissing", "is empty; name the group");
    }
    if (route.port() < 1) {
      throw refused(at, "port", "Port", route.port() + ": use 1 to 65535");
    }
    if (route.backendIp().isEmpty()) {
      throw refused(at, "backend_ip", "BackendMissing", "is empty; give an address or a name");
    }
    if (route.backendPort() < 1 && route.backendTlsPort() < 1) {
      throw refused(
          at,
          "backend_port",
          "BackendPort",
          "%d, and backend_tls_port %d: one of them must be a port"
              .formatted(route.backendPort(), route.backendTlsPort()));
    }
    if (route.backendTlsPort() > PortRange.MAX) {
      throw refused(
          at, "backend_tls_port", "BackendTlsPort", route.backendTlsPort() + ": use up to 65535");
    }
    if (purpose == Purpose.UPSERT) {
      checkTtl(route, at);
    }
    if (!route.alpns().isEmpty() && !route.terminateFrontendTls()) {
      throw refused(
          at,
          "alpns",
          "AlpnsWithoutTls",
          route.alpns() + ": are offered only by routers that end TLS; set terminate_frontend_tls");
    }
    if (purpose == Purpose.UPSERT && !config.routerGroups().contains(route.routerGroupGuid())) {
      throw refused(
          at,
          "router_group_guid",
          "RouterGroupUnknown",
          "\"%s\": there is no such group; name one of those there are"
              .formatted(route.routerGroupGuid()));
    }
    return checkNames(route, at);
  }

  private void checkTtl(TcpRoute route, String at) {
    Integer ttl = route.ttlSeconds();
    if (ttl != null && ttl > config.maxTtlSeconds()) {
      throw refused(
          at,
          "ttl",
          "TtlTooLong",
          "%d: is over %d seconds; use that at most".formatted(ttl, config.maxTtlSeconds()));
    }
    if (ttl != null && ttl < 1) {
      throw refused(at, "ttl", "TtlTooShort", ttl + ": use 1 second or more");
    }
  }

  /** Ours: what can't be a host would be dropped by routers, and a line of it could be anything. */
  private static TcpRoute checkNames(TcpRoute route, String at) {
    if (route.backendPort() > PortRange.MAX || route.port() > PortRange.MAX) {
      throw refused(
          at,
          "port",
          "Port",
          "%d, and backend_port %d: use up to 65535".formatted(route.port(), route.backendPort()));
    }
    if (route.backendPort() < 0) {
      throw refused(at, "backend_port", "BackendPort", route.backendPort() + ": use 0 or more");
    }
    if (route.backendTlsPort() < -1) {
      throw refused(
          at,
          "backend_tls_port",
          "BackendTlsPort",
          route.backendTlsPort() + ": use a port, 0, or -1 for no TLS");
    }
    checkName(at, "backend_sni_hostname", route.sniHostname());
    checkName(at, "sni_rewrite_hostname", route.sniRewriteHostname());
    if (!ServerNames.isInstanceId(route.instanceId())) {
      throw refused(
          at,
          "instance_id",
          "InstanceId",
          "\"%s\": use letters, digits and ._-".formatted(route.instanceId()));
    }
    RouteHost backend;
    try {
      backend = RouteHost.parse(route.backendIp());
    } catch (IllegalArgumentException e) {
      throw refused(at, "backend_ip", "BackendHost", String.valueOf(e.getMessage()));
    }
    return route.with(backend.toString(), route.tag(), route.ttlSeconds());
  }

  private static void checkName(String at, String key, String name) {
    if (!name.isEmpty() && !ServerNames.isName(name)) {
      throw refused(at, key, "SniHostname", "\"%s\": is no host name".formatted(name));
    }
  }

  static RouteRefusedException refused(String at, String key, String rule, String message) {
    return new RouteRefusedException(at + key, rule, message);
  }
}
