package io.dualstack.routing;

/**
 * A backend as a router knows it. An instance with two addresses has two endpoints, which share its
 * identity and nothing else.
 *
 * @param host where it is
 * @param port where connections go, 0 to 65535
 * @param isTls whether they are by TLS
 * @param isHttp2 whether they speak HTTP/2
 * @param message what was said about it; its URIs are those of the registration it came by
 * @param tag the state it was told of
 */
public record RouteEndpoint(
    RouteHost host,
    int port,
    boolean isTls,
    boolean isHttp2,
    RouteMessage message,
    ModificationTag tag) {

  /**
   * Returns the text by which routers tell endpoints apart.
   *
   * @return host and port, an IPv6 address in brackets
   */
  public String address() {
    return host.toUriHost() + ":" + port;
  }
}
