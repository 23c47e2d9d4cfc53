package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.PortRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is said about one endpoint when it is registered or taken back. A text that is empty, and a
 * number that is 0, isn't said. Immutable.
 *
 * @param host where the backend is
 * @param port its port for plain connections; 0 to 65535
 * @param tlsPort its port for TLS; 0 to 65535. Unless it is 0, connections go there, by TLS
 * @param uris what is routed there: names, of which the first label may be {@code *}, each with a
 *     path behind it or not
 * @param app the application's GUID
 * @param protocol {@code http1} or {@code http2}; empty for {@code http1}
 * @param privateInstanceId the instance's GUID, by which sessions stick
 * @param privateInstanceIndex the instance's number
 * @param serverCertDomainSan the name that is checked in the backend's certificate; its address
 *     never is
 * @param isolationSegment the isolation segment of the backend
 * @param routeServiceUrl the service that requests go through, by https
 * @param staleThresholdSeconds after how long without a word it may be forgotten; 0 for the
 *     router's own threshold
 * @param endpointUpdatedAtNanos when the endpoint came to be, in nanoseconds since 1970
 * @param tags what metrics are labelled with, in the order of their keys
 * @param availabilityZone the zone of the backend
 * @param options of the route: {@code loadbalancing} and others, as JSON-like values
 * @param others members that have no name here, as JSON-like values; they are written again
 */
public record RouteMessage(
    RouteHost host,
    int port,
    int tlsPort,
    List<String> uris,
    String app,
    String protocol,
    String privateInstanceId,
    String privateInstanceIndex,
    String serverCertDomainSan,
    String isolationSegment,
    String routeServiceUrl,
    int staleThresholdSeconds,
    long endpointUpdatedAtNanos,
    Map<String, String> tags,
    String availabilityZone,
    Map<String, Object> options,
    Map<String, Object> others) {

  /**
   * Copies the collections and checks the numbers.
   *
   * @param host where the backend is
   * @param port its port for plain connections
   * @param tlsPort its port for TLS
   * @param uris what is routed there
   * @param app the application's GUID
   * @param protocol {@code http1} or {@code http2}
   * @param privateInstanceId the instance's GUID
   * @param privateInstanceIndex the instance's number
   * @param serverCertDomainSan the name that is checked in the backend's certificate
   * @param isolationSegment the isolation segment of the backend
   * @param routeServiceUrl the service that requests go through
   * @param staleThresholdSeconds after how long without a word it may be forgotten
   * @param endpointUpdatedAtNanos when the endpoint came to be
   * @param tags what metrics are labelled with
   * @param availabilityZone the zone of the backend
   * @param options of the route
   * @param others members that have no name here
   * @throws IllegalArgumentException when a port is outside 0 to 65535
   */
  public RouteMessage {
    requireNonNull(host, "host");
    requirePort(port);
    requirePort(tlsPort);
    uris = List.copyOf(uris);
    requireNonNull(app, "app");
    requireNonNull(protocol, "protocol");
    requireNonNull(privateInstanceId, "privateInstanceId");
    requireNonNull(privateInstanceIndex, "privateInstanceIndex");
    requireNonNull(serverCertDomainSan, "serverCertDomainSan");
    requireNonNull(isolationSegment, "isolationSegment");
    requireNonNull(routeServiceUrl, "routeServiceUrl");
    requireNonNull(availabilityZone, "availabilityZone");
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  private static void requirePort(int port) {
    if (port < 0 || port > PortRange.MAX) {
      throw new IllegalArgumentException(
          "%d: not a port; use 0 to %d".formatted(port, PortRange.MAX));
    }
  }

  /**
   * Starts a message.
   *
   * @param host where the backend is
   * @param uris what is routed there
   * @return a builder that says nothing else yet
   */
  public static Builder to(RouteHost host, List<String> uris) {
    return new Builder(host, uris);
  }

  /**
   * Starts a message from this one.
   *
   * @return a builder that says the same
   */
  public Builder toBuilder() {
    Builder builder = new Builder(host, uris);
    builder.port = port;
    builder.tlsPort = tlsPort;
    builder.app = app;
    builder.protocol = protocol;
    builder.privateInstanceId = privateInstanceId;
    builder.privateInstanceIndex = privateInstanceIndex;
    builder.serverCertDomainSan = serverCertDomainSan;
    builder.isolationSegment = isolationSegment;
    builder.routeServiceUrl = routeServiceUrl;
    builder.staleThresholdSeconds = staleThresholdSeconds;
    builder.endpointUpdatedAtNanos = endpointUpdatedAtNanos;
    builder.tags = tags;
    builder.availabilityZone = availabilityZone;
    builder.options = options;
    builder.others = others;
    return builder;
  }

  /** Collects what a message says. Not thread-safe. */
  public static final class Builder {
    private RouteHost host;
    private List<String> uris;
    private int port;
    private int tlsPort;
    private String app = "";
    private String protocol = "";
    private String privateInstanceId = "";
    private String privateInstanceIndex = "";
    private String serverCertDomainSan = "";
    private String isolationSegment = "";
    private String routeServiceUrl = "";
    private int staleThresholdSeconds;
    private long endpointUpdatedAtNanos;
    private Map<String, String> tags = Map.of();
    private String availabilityZone = "";
    private Map<String, Object> options = Map.of();
    private Map<String, Object> others = Map.of();

    private Builder(RouteHost host, List<String> uris) {
      this.host = host;
      this.uris = uris;
    }

    /**
     * Says where the backend is.
     *
     * @param value an address of either family, or a name
     * @return this
     */
    public Builder host(RouteHost value) {
      host = value;
      return this;
    }

    /**
     * Says what is routed there.
     *
     * @param value names with or without paths
     * @return this
     */
    public Builder uris(List<String> value) {
      uris = value;
      return this;
    }

    /**
     * Says the port for plain connections.
     *
     * @param value 0 to 65535
     * @return this
     */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /**
     * Says the port for TLS.
     *
     * @param value 0 to 65535
     * @return this
     */
    public Builder tlsPort(int value) {
      tlsPort = value;
      return this;
    }

    /**
     * Says whose backend it is.
     *
     * @param value the application's GUID
     * @return this
     */
    public Builder app(String value) {
      app = value;
      return this;
    }

    /**
     * Says what the backend speaks.
     *
     * @param value {@code http1} or {@code http2}
     * @return this
     */
    public Builder protocol(String value) {
      protocol = value;
      return this;
    }

    /**
     * Says which instance it is.
     *
     * @param id the instance's GUID
     * @param index the instance's number; empty for none
     * @return this
     */
    public Builder instance(String id, String index) {
      privateInstanceId = id;
      privateInstanceIndex = index;
      return this;
    }

    /**
     * Says the name that is checked in the backend's certificate.
     *
     * @param value the name
     * @return this
     */
    public Builder serverCertDomainSan(String value) {
      serverCertDomainSan = value;
      return this;
    }

    /**
     * Says the isolation segment of the backend.
     *
     * @param value the segment's name
     * @return this
     */
    public Builder isolationSegment(String value) {
      isolationSegment = value;
      return this;
    }

    /**
     * Says which service requests go through.
     *
     * @param value a URL of https
     * @return this
     */
    public Builder routeServiceUrl(String value) {
      routeServiceUrl = value;
      return this;
    }

    /**
     * Says after how long without a word it may be forgotten.
     *
     * @param value seconds; 0 for the router's own threshold
     * @return this
     */
    public Builder staleThresholdSeconds(int value) {
      staleThresholdSeconds = value;
      return this;
    }

    /**
     * Says when the endpoint came to be.
     *
     * @param value nanoseconds since 1970; 0 for unknown
     * @return this
     */
    public Builder endpointUpdatedAtNanos(long value) {
      endpointUpdatedAtNanos = value;
      return this;
    }

    /**
     * Says what metrics are labelled with.
     *
     * @param value texts by their keys
     * @return this
     */
    public Builder tags(Map<String, String> value) {
      tags = value;
      return this;
    }

    /**
     * Says the zone of the backend.
     *
     * @param value the zone's name
     * @return this
     */
    public Builder availabilityZone(String value) {
      availabilityZone = value;
      return this;
    }

    /**
     * Says the options of the route.
     *
     * @param value {@code loadbalancing} and others, as JSON-like values
     * @return this
     */
    public Builder options(Map<String, Object> value) {
      options = value;
      return this;
    }

    /**
     * Says what has no name here.
     *
     * @param value JSON-like values by their keys
     * @return this
     */
    public Builder others(Map<String, Object> value) {
      others = value;
      return this;
    }

    /**
     * Makes the message.
     *
     * @return the message
     * @throws IllegalArgumentException when a port is outside 0 to 65535
     */
    public RouteMessage build() {
      return new RouteMessage(
          host,
          port,
          tlsPort,
          uris,
          app,
          protocol,
          privateInstanceId,
          privateInstanceIndex,
          serverCertDomainSan,
          isolationSegment,
          routeServiceUrl,
          staleThresholdSeconds,
          endpointUpdatedAtNanos,
          tags,
          availabilityZone,
          options,
          others);
    }
  }
}
