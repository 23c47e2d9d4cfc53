package io.dualstack.net;

import java.util.Optional;

/**
 * An address with a port: {@code 10.0.0.1:80}, {@code [2001:db8::1]:80} (RFC 3986 section 3.2.2).
 * Ordered by address, then by port. Immutable.
 *
 * @param address the address
 * @param port 0 to 65535
 */
public record IpEndpoint(IpAddress address, int port) implements Comparable<IpEndpoint> {
  /**
   * Checks the port.
   *
   * @param address the address
   * @param port 0 to 65535
   * @throws IllegalArgumentException when the port is outside 0 to 65535
   */
  public IpEndpoint {
    PortRange.checkPort(port);
  }

  /**
   * Reads an address and a port; IPv6 stands in brackets.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else
   */
  public static IpEndpoint parse(String text) {
    return IpText.endpoint(text);
  }

  /**
   * Reads an address and a port as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<IpEndpoint> tryParse(String text) {
    return Optional.ofNullable(IpText.endpointOrNull(text));
  }

  /**
   * {@return an address with a port}
   *
   * @param address the address
   * @param port 0 to 65535
   * @throws IllegalArgumentException when the port is outside 0 to 65535
   */
  public static IpEndpoint of(IpAddress address, int port) {
    return new IpEndpoint(address, port);
  }

  @Override
  public int compareTo(IpEndpoint other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + port;
  }

  /** Returns the text of a URI's authority: IPv6 in brackets. */
  @Override
  public String toString() {
    return address.toUriHost() + ":" + port;
  }
}
