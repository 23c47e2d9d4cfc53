package io.dualstack.routing;

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
}
