package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
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
   * Registers an instance with routers at the address that its net info prefers, as Diego's route
   * emitter does: the container's own address and ports, or the cell's address and the mapped
   * ports. Where nothing is preferred, that is the platform's to decide. The container's IPv6
   * address, if it has one, comes beside either, with its own ports, since none are mapped for it.
   *
   * @param instance where the instance is
   * @param port which of its ports
   * @param message what is said of it, whatever its host and ports are
   * @param directWhereUnknown whether routers reach instances directly where nothing is preferred
   * @return the registration
   * @throws IllegalArgumentException if the instance has no such address yet
   */
  public static RouteRegistration ofInstance(
      NetInfo instance, PortMapping port, RouteMessage message, boolean directWhereUnknown) {
    boolean direct =
        switch (instance.preferred()) {
          case INSTANCE -> true;
          case HOST -> false;
          case UNKNOWN -> directWhereUnknown;
        };
    IpAddress address = direct ? instance.instanceAddress() : instance.address();
    if (address == null) {
      throw new IllegalArgumentException(
          "instance: has no address of its %s yet; register it when it runs"
              .formatted(direct ? "container" : "cell"));
    }
    return new RouteRegistration(
        RouteAudience.ROUTER,
        message.toBuilder()
            .host(RouteHost.of(address))
            .port(direct ? port.containerPort() : port.hostPort())
            .tlsPort(direct ? port.containerTlsProxyPort() : port.hostTlsProxyPort())
            .build(),
        instance
            .ipv6()
            .map(own -> new DirectIpv6(own, port.containerPort(), port.containerTlsProxyPort()))
            .orElse(null));
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
