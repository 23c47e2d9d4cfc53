package io.dualstack.impl.http;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;

/** Opens servers where a configuration says, and blames the value when that can't be done. */
public final class Listening {

  /** Opens a server at an address. */
  public interface Opening<T> {
    T open(InetSocketAddress address) throws IOException;
  }

  private Listening() {}

  /**
   * Returns where a server listens: {@code 0.0.0.0} and {@code ::} are both families, as with the
   * original services, whose sockets take IPv4 too; any other address is that alone, IPv6 with
   * brackets or without.
   *
   * @param host an address, or a name that has one
   */
  public static InetSocketAddress address(String host, int port) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return new InetSocketAddress(bare, port);
  }

  /** Opens a server on the loopback address, in the network namespace of the calling thread. */
  public static <T> T locally(String pointer, int port, Opening<T> opening) {
    return at(pointer, address("127.0.0.1", port), opening);
  }

  /**
   * Opens a server.
   *
   * @param pointer the value that names the port
   * @throws InvalidConfigurationException if it can't listen there
   */
  public static <T> T at(String pointer, InetSocketAddress address, Opening<T> opening) {
    try {
      return opening.open(address);
    } catch (IOException | UnresolvedAddressException e) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  pointer,
                  "PortUnavailable",
                  "%s:%d: can't be listened on: %s; free it or configure another"
                      .formatted(
                          address.getHostString(),
                          address.getPort(),
                          e.getMessage() == null ? "unknown host" : e.getMessage()))));
    }
  }
}
