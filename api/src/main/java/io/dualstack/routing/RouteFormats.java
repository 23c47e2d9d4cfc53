package io.dualstack.routing;

import java.util.List;

/**
 * Writes and reads what registrars and routers tell each other. Output is canonical: the same value
 * gives the same bytes, and a value without an IPv6 host gives what it gave before there was IPv6.
 * Thread-safe; cost is linear in the size of the text.
 */
public interface RouteFormats {
  /**
   * Writes a registration, or what takes one back: the host is the same text in both.
   *
   * @param message what is said
   * @param audience to whom; an IPv6 host is in brackets for routers, and without for service
   *     discovery
   * @return one JSON object, with the members in the order of the route emitter
   */
  byte[] message(RouteMessage message, RouteAudience audience);

  /**
   * Reads a registration, or what takes one back. An IPv6 host may be in brackets or not, and in
   * whatever form; members of no name here are kept.
   *
   * @param json one JSON object
   * @return what is said
   * @throws io.dualstack.RouteRefusedException if it is no JSON object, lacks a host or has one
   *     that is neither an address nor a name, or a value of a wrong type or range
   */
  RouteMessage parseMessage(byte[] json);

  /**
   * Writes what a router says of itself.
   *
   * @param start what is said
   * @return one JSON object
   */
  byte[] start(RouterStart start);

  /**
   * Reads what a router says of itself.
   *
   * @param json one JSON object
   * @return what is said; members of no name here are kept
   * @throws io.dualstack.RouteRefusedException if it is no JSON object, or has a value of a wrong
   *     type or range
   */
  RouterStart parseStart(byte[] json);

  /**
   * Writes routes of TCP as the routing API takes and gives them.
   *
   * @param routes the routes
   * @return one JSON array
   */
  byte[] tcpRoutes(List<TcpRoute> routes);

  /**
   * Reads routes of TCP. Whether they can be is for {@link TcpRouteTable} to say.
   *
   * @param json one JSON array
   * @return the routes; members of no name here are kept
   * @throws io.dualstack.RouteRefusedException if it is no JSON array of objects, or has a value of
   *     a wrong type or range
   */
  List<TcpRoute> parseTcpRoutes(byte[] json);

  /**
   * Writes routes of TCP for HAProxy: frontends by port, in each the backends by SNI name, in each
   * the servers as {@link RouteHost} is ordered. What HAProxy can't be told, or might misread, is
   * left out and warned about by its place among the routes.
   *
   * @param routes the routes of one group of routers
   * @param options how it is told
   * @return the sections
   */
  HaproxyConfiguration haproxy(List<TcpRoute> routes, HaproxyOptions options);
}
