package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a routing API is told of a route of TCP: connections to a port of the routers go to a
 * backend. It holds whatever was said; {@link TcpRouteTable} takes only what can be. Immutable.
 *
 * @param routerGroupGuid the group of routers that listen
 * @param port the port they listen on
 * @param backendIp where the backend is: an address of either family or a name, without brackets
 * @param backendPort the backend's port for plain connections; 0 for none
 * @param backendTlsPort the backend's port for TLS; 0 if nobody knows of TLS, -1 if there is to be
 *     none
 * @param sniHostname the name by which clients ask for it in TLS; empty for any
 * @param sniRewriteHostname the name that the backend is asked for instead; empty for the same
 * @param instanceId the instance's GUID, the name in its certificate
 * @param tag the state it was told of
 * @param ttlSeconds how long it holds unless it is told again; null for as long as may be
 * @param isolationSegment the isolation segment of the routers; empty for none
 * @param terminateFrontendTls whether routers end the client's TLS
 * @param alpns the protocols that routers offer then
 * @param enableBackendMtls whether routers that end the client's TLS show a certificate to the
 *     backend; others show theirs whatever this is
 * @param others members that have no name here, as JSON-like values; they are written again
 */
public record TcpRoute(
    String routerGroupGuid,
    int port,
    String backendIp,
    int backendPort,
    int backendTlsPort,
    String sniHostname,
    String sniRewriteHostname,
    String instanceId,
    ModificationTag tag,
    @Nullable Integer ttlSeconds,
    String isolationSegment,
    boolean terminateFrontendTls,
    List<String> alpns,
    boolean enableBackendMtls,
    Map<String, Object> others) {
  /**
   * Copies the collections.
   *
   * @param routerGroupGuid the group of routers that listen
   * @param port the port they listen on
   * @param backendIp where the backend is
   * @param backendPort the backend's port for plain connections
   * @param backendTlsPort the backend's port for TLS
   * @param sniHostname the name by which clients ask for it in TLS
   * @param sniRewriteHostname the name that the backend is asked for instead
   * @param instanceId the instance's GUID
   * @param tag the state it was told of
   * @param ttlSeconds how long it holds unless it is told again
   * @param isolationSegment the isolation segment of the routers
   * @param terminateFrontendTls whether routers end the client's TLS
   * @param alpns the protocols that routers offer then
   * @param enableBackendMtls whether routers show a certificate to the backend
   * @param others members that have no name here
   */
  public TcpRoute {
    requireNonNull(routerGroupGuid, "routerGroupGuid");
    requireNonNull(backendIp, "backendIp");
    requireNonNull(sniHostname, "sniHostname");
    requireNonNull(sniRewriteHostname, "sniRewriteHostname");
    requireNonNull(instanceId, "instanceId");
    requireNonNull(tag, "tag");
    requireNonNull(isolationSegment, "isolationSegment");
    alpns = List.copyOf(alpns);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns a plain route, for as long as may be.
   *
   * @param routerGroupGuid the group of routers that listen
   * @param port the port they listen on, 1 to 65535
   * @param backend where the backend is
   * @param backendPort the backend's port, 1 to 65535
   * @return the route
   */
  public static TcpRoute plain(
      String routerGroupGuid, int port, RouteHost backend, int backendPort) {
    return new TcpRoute(
        routerGroupGuid,
        port,
        backend.toString(),
        backendPort,
        -1,
        "",
        "",
        "",
        ModificationTag.NONE,
        null,
        "",
        false,
        List.of(),
        false,
        Map.of());
  }

  /**
   * Returns the same with other words for backend, state and time to live.
   *
   * @param backend where the backend is
   * @param newTag the state
   * @param newTtlSeconds how long it holds; null for as long as may be
   * @return the route
   */
  public TcpRoute with(String backend, ModificationTag newTag, @Nullable Integer newTtlSeconds) {
    return new TcpRoute(
        routerGroupGuid,
        port,
        backend,
        backendPort,
        backendTlsPort,
        sniHostname,
        sniRewriteHostname,
        instanceId,
        newTag,
        newTtlSeconds,
        isolationSegment,
        terminateFrontendTls,
        alpns,
        enableBackendMtls,
        others);
  }

  /**
   * Returns the same for clients that ask for a name in TLS, which goes through to a backend.
   *
   * @param name the name
   * @return the route
   */
  public TcpRoute forSni(String name) {
    return new TcpRoute(
        routerGroupGuid,
        port,
        backendIp,
        backendPort,
        backendTlsPort,
        name,
        sniRewriteHostname,
        instanceId,
        tag,
        ttlSeconds,
        isolationSegment,
        terminateFrontendTls,
        alpns,
        enableBackendMtls,
        others);
  }

  /**
   * Returns the same with TLS between router and backend.
   *
   * @param tlsPort the backend's port for TLS
   * @param instance the instance's GUID, the name in its certificate
   * @return the route
   */
  public TcpRoute withTls(int tlsPort, String instance) {
    return new TcpRoute(
        routerGroupGuid,
        port,
        backendIp,
        backendPort,
        tlsPort,
        sniHostname,
        sniRewriteHostname,
        instance,
        tag,
        ttlSeconds,
        isolationSegment,
        terminateFrontendTls,
        alpns,
        enableBackendMtls,
        others);
  }
}
