package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a registrar tells routers.
 *
 * @param servers the NATS servers, one or more, of which any will do
 * @param user the user at NATS; empty for none
 * @param password the user's password
 * @param interval how often endpoints are registered until a router asks for another interval
 * @param unregistrations how often it is told that an endpoint is gone: once at once, then every
 *     interval; 1 or more
 * @param directIpv6 whether the IPv6 addresses of instances are registered as endpoints beside what
 *     was registered before there was IPv6
 * @param tls how the servers are reached by TLS; null for plain connections. With it nothing is
 *     ever sent in plain text, and servers that others tell of are not connected, as only the names
 *     that are configured can be checked
 */
public record RegistrarConfig(
    List<NatsServer> servers,
    String user,
    String password,
    Duration interval,
    int unregistrations,
    boolean directIpv6,
    @Nullable NatsTls tls) {
  /** How often endpoints are registered when neither router nor configuration says. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(20);

  /** How often it is told that an endpoint is gone when nothing else is configured. */
  public static final int DEFAULT_UNREGISTRATIONS = 5;

  /**
   * Checks the numbers.
   *
   * @param servers the NATS servers
   * @param user the user at NATS
   * @param password the user's password
   * @param interval how often endpoints are registered
   * @param unregistrations how often it is told that an endpoint is gone
   * @param directIpv6 whether the IPv6 addresses of instances are registered
   * @param tls how the servers are reached by TLS
   * @throws IllegalArgumentException when there is no server, the interval is shorter than a
   *     millisecond, or there would be no unregistration
   */
  public RegistrarConfig {
    servers = List.copyOf(servers);
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("servers: there is none; give one or more HOST:PORT");
    }
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("interval %s: use some seconds".formatted(interval));
    }
    if (unregistrations < 1) {
      throw new IllegalArgumentException(
          "unregistrations %d: nobody would be told; use 1 or more".formatted(unregistrations));
    }
  }

  /**
   * Makes a registrar's configuration for plain connections.
   *
   * @param servers the NATS servers
   * @param user the user at NATS
   * @param password the user's password
   * @param interval how often endpoints are registered
   * @param unregistrations how often it is told that an endpoint is gone
   * @param directIpv6 whether the IPv6 addresses of instances are registered
   * @throws IllegalArgumentException when there is no server, the interval is shorter than a
   *     millisecond, or there would be no unregistration
   */
  public RegistrarConfig(
      List<NatsServer> servers,
      String user,
      String password,
      Duration interval,
      int unregistrations,
      boolean directIpv6) {
    this(servers, user, password, interval, unregistrations, directIpv6, null);
  }

  /**
   * Returns a registrar's configuration as it comes: no user, no TLS, and IPv6 addresses of
   * instances unpublished.
   *
   * @param servers the NATS servers, one or more
   * @return the configuration
   */
  public static RegistrarConfig of(List<NatsServer> servers) {
    return new RegistrarConfig(servers, "", "", DEFAULT_INTERVAL, DEFAULT_UNREGISTRATIONS, false);
  }

  /**
   * Returns the same with a user.
   *
   * @param name the user at NATS
   * @param secret the user's password
   * @return the configuration
   */
  public RegistrarConfig withUser(String name, String secret) {
    return new RegistrarConfig(servers, name, secret, interval, unregistrations, directIpv6, tls);
  }

  /**
   * Returns the same with the IPv6 addresses of instances published.
   *
   * @return the configuration
   */
  public RegistrarConfig withDirectIpv6() {
    return new RegistrarConfig(servers, user, password, interval, unregistrations, true, tls);
  }

  /**
   * Returns the same with TLS.
   *
   * @param files how the servers are reached
   * @return the configuration
   */
  public RegistrarConfig withTls(NatsTls files) {
    return new RegistrarConfig(
        servers, user, password, interval, unregistrations, directIpv6, files);
  }

  /** Returns all but the password. */
  @Override
  public String toString() {
    return "%s as \"%s\"%s, every %s, %d unregistrations%s"
        .formatted(
            servers,
            user,
            tls == null ? "" : " by TLS",
            interval,
            unregistrations,
            directIpv6 ? ", with direct IPv6" : "");
  }
}
