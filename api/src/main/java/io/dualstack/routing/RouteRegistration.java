package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a registrar keeps registered.
 *
 * @param audience who is told
 * @param message what is said; what it was before there was IPv6
 * @param ipv6 where the instance is reached by IPv6 beside that; null if it isn't
 */
public record RouteRegistration(
    RouteAudience audience, RouteMessage message, @Nullable DirectIpv6 ipv6) {
  /**
   * Checks that nothing but the IPv6 address is missing.
   *
   * @param audience who is told
   * @param message what is said
   * @param ipv6 where the instance is reached by IPv6 beside that
   */
  public RouteRegistration {
    requireNonNull(audience, "audience");
    requireNonNull(message, "message");
  }

  /**
   * Registers an endpoint alone.
   *
   * @param audience who is told
   * @param message what is said
   * @return the registration
   */
  public static RouteRegistration of(RouteAudience audience, RouteMessage message) {
    return new RouteRegistration(audience, message, null);
  }

  /**
   * Returns what is said: the message, and where it is asked for, the same with the IPv6 address
   * and the container's ports. Service discovery is told no ports.
   *
   * @param directIpv6 whether IPv6 endpoints are published
   * @return one or two messages
   */
  public List<RouteMessage> messages(boolean directIpv6) {
    if (!directIpv6 || ipv6 == null) {
      return List.of(message);
    }
    boolean withPorts = audience == RouteAudience.ROUTER;
    return List.of(
        message,
        message.toBuilder()
            .host(RouteHost.of(ipv6.address()))
            .port(withPorts ? ipv6.port() : 0)
            .tlsPort(withPorts ? ipv6.tlsPort() : 0)
            .build());
  }
}
