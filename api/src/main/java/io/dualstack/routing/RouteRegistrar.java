package io.dualstack.routing;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps endpoints registered with routers, by NATS. It greets every second until a router answers,
 * then tells all there is, and again before each interval that routers ask for is over. While NATS
 * is away it goes on trying; when NATS is back it greets anew. Thread-safe; no method waits for
 * NATS but {@link #close}.
 */
public interface RouteRegistrar extends AutoCloseable {
  /**
   * Keeps something registered from now on. What was registered by the name before, and isn't part
   * of it any more, is taken back.
   *
   * @param name the caller's own name for it
   * @param registration what to register
   */
  void put(String name, RouteRegistration registration);

  /**
   * Takes a registration back.
   *
   * @param name the caller's name for it
   * @return whether there was one
   */
  boolean remove(String name);

  /**
   * Returns what is kept registered.
   *
   * @return the callers' names, unmodifiable
   */
  Set<String> names();

  /**
   * Returns whether there is a connection to NATS now.
   *
   * @return whether there is
   */
  boolean isConnected();

  /**
   * Returns what kept it from NATS when it tried last.
   *
   * @return which server, what is wrong, and what to do; empty while there is a connection, and
   *     before it has tried
   */
  Optional<String> obstacle();

  /**
   * Returns how often an audience is told.
   *
   * @param audience the audience
   * @return the interval it asked for last, or the configured one
   */
  Duration interval(RouteAudience audience);

  /**
   * Takes everything back, waits until NATS has it, for at most two seconds, and ends. Closing
   * twice is closing once.
   */
  @Override
  void close();
}
