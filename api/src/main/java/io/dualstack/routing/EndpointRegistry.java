package io.dualstack.routing;

import java.util.Collection;
import java.util.Optional;

/**
 * The endpoints that a router knows by URI, kept by the router's rules. Under one URI an endpoint
 * is told apart by its {@linkplain RouteEndpoint#address() address}; an instance that registers two
 * addresses has two endpoints, and neither takes the other's place.
 *
 * <p>URIs match whatever the case of their letters: the longest path that was registered, of the
 * name itself, then of {@code *} in place of its first label, its first two, and so on.
 * Thread-safe; looking up, registering and unregistering cost the same however many endpoints there
 * are, up to a logarithm.
 */
public interface EndpointRegistry {
  /**
   * Takes a registration of a sender who counts no states.
   *
   * @param message what is said
   * @return what it did
   */
  default EndpointChange register(RouteMessage message) {
    return register(message, ModificationTag.NONE);
  }

  /**
   * Takes a registration under each of its URIs. An endpoint that is known is replaced, or
   * refreshed if nothing differs, unless the state it was told of is the same or newer.
   *
   * @param message what is said
   * @param tag the state it is told of
   * @return what it did
   */
  EndpointChange register(RouteMessage message, ModificationTag tag);

  /**
   * Takes back a registration of a sender who counts no states.
   *
   * @param message what is said
   * @return whether there was something to remove
   */
  default boolean unregister(RouteMessage message) {
    return unregister(message, ModificationTag.NONE);
  }

  /**
   * Removes an endpoint from each URI of a message, unless a newer state of it is known.
   *
   * @param message what is said; of it, URIs, host, ports and isolation segment count
   * @param tag the state it is told of
   * @return whether there was something to remove
   */
  boolean unregister(RouteMessage message, ModificationTag tag);

  /**
   * Returns the endpoints of a request.
   *
   * @param uri a name with or without a path; what is behind a {@code ?} doesn't count
   * @return the endpoints, IPv4 before IPv6; empty if there are none. Unmodifiable, and safe to be
   *     gone through while others register, whose endpoints may be in it or not
   */
  Collection<RouteEndpoint> lookup(String uri);

  /**
   * Returns the endpoint of a request whose session sticks to an instance: of those with two
   * addresses the one that is first in {@link #lookup}.
   *
   * @param uri a name with or without a path
   * @param privateInstanceId the instance's GUID
   * @return the endpoint; empty if the instance has none there
   */
  Optional<RouteEndpoint> instance(String uri, String privateInstanceId);

  /**
   * Takes notice that a connection failed. An endpoint of TLS is removed if that {@linkplain
   * EndpointFailure#isProof() proves} that it is gone; a plain one never.
   *
   * @param uri what was looked up
   * @param endpoint the endpoint, as it was found
   * @param failure what happened
   * @return whether it was removed
   */
  boolean failed(String uri, RouteEndpoint endpoint, EndpointFailure failure);

  /**
   * Removes the plain endpoints that nobody spoke of for longer than their threshold; those of TLS
   * never. Whoever embeds this calls it from time to time; routers do every half minute. Costs as
   * much as there is to look at again, not as much as there is.
   *
   * @return how many were removed
   */
  int prune();

  /** Has {@link #prune} remove nothing, while registrations can't arrive. */
  void suspendPruning();

  /** Has {@link #prune} work again; every endpoint counts as heard of now. */
  void resumePruning();

  /**
   * Returns how many endpoints there are, each counted once for every URI.
   *
   * @return how many
   */
  int size();
}
