package io.dualstack.routing;

import io.dualstack.net.PortRange;

/**
 * Where a NATS server listens.
 *
 * @param host an address of either family, or a name
 * @param port 1 to 65535
 */
public record NatsServer(RouteHost host, int port) {
  /**
   * Checks the port.
   *
   * @param host an address of either family, or a name
   * @param port 1 to 65535
   * @throws IllegalArgumentException when the port is outside 1 to 65535
   */
  public NatsServer {
    if (port < 1 || port > PortRange.MAX) {
      throw new IllegalArgumentException(
          "%s: %d: not a port; use 1 to %d".formatted(host, port, PortRange.MAX));
    }
  }

  /**
   * Reads {@code host:port}. An IPv6 address may be in brackets or not: the last colon is in front
   * of the port.
   *
   * @param text the text to read
   * @return the server
   * @throws IllegalArgumentException when it is anything else
   */
  public static NatsServer parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "\"%s\": has no port; write HOST:PORT, and an IPv6 address in brackets".formatted(text));
    }
    return new NatsServer(
        RouteHost.parse(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Returns host and port, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return host.toUriHost() + ":" + port;
  }
}
