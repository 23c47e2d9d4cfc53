package io.dualstack.routing;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The routes of TCP that a routing API knows, by its rules, in memory. Two are the same route when
 * group, port, SNI name, backend, both its ports and what becomes of TLS are the same; the instance
 * is no part of that. Backends are kept in canonical text, so that an IPv6 address is one backend
 * however it is written. Thread-safe; telling a route costs a logarithm of how many there are.
 */
public interface TcpRouteTable {
  /**
   * Takes routes, all or none. A route that is known lives on for its whole time, in its next
   * state; the tags of what is told don't count.
   *
   * @param routes what is told
   * @throws io.dualstack.RouteRefusedException for the first rule that the first of them breaks, in
   *     the order of the routing API: group named, port, backend named, a backend's port, its port
   *     for TLS, time to live, protocols only where TLS ends, group known; then our own, that the
   *     backend is an address or a name, and other names are such; last, that all routes of a port
   *     and SNI name agree on where TLS ends
   */
  void upsert(List<TcpRoute> routes);

  /**
   * Deletes routes, all or none; those that aren't there are deleted already.
   *
   * @param routes what is told; group, time to live and what others say don't matter
   * @throws io.dualstack.RouteRefusedException as {@link #upsert}, but for time to live and a group
   *     that nobody knows
   */
  void delete(List<TcpRoute> routes);

  /**
   * Returns the routes whose time isn't over.
   *
   * @return the routes, in the order they were first told
   */
  List<TcpRoute> routes();

  /**
   * Returns the routes of isolation segments whose time isn't over.
   *
   * @param segments the segments; an empty text for routes of none
   * @return the routes, in the order they were first told
   */
  List<TcpRoute> routes(Collection<String> segments);

  /**
   * Removes the routes whose time is over, which nobody sees any more, and tells so. Routing APIs
   * do that every ten seconds.
   *
   * @return how many
   */
  int prune();

  /**
   * Has somebody told of what happens from now on, in order, by the thread that makes it happen.
   *
   * @param listener who is told; it must be quick, and not call the table
   * @return what ends it when closed
   */
  Subscription subscribe(Consumer<TcpRouteEvent> listener);

  /** That somebody is told. */
  interface Subscription extends AutoCloseable {
    /** Ends it. Closing twice is closing once. */
    @Override
    void close();
  }
}
