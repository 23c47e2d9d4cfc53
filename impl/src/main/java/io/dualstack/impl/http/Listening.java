package io.dualstack.impl.http;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens servers where a configuration says, and blames the value when that can't be done. What a
 * host means to a listener is decided here alone, and is the same whatever the machine's {@code
 * net.ipv6.bindv6only} and the preferences of the JVM are.
 *
 * <ul>
 *   <li>{@code 0.0.0.0} and {@code ::} are all addresses of both families, as with the original
 *       services, whose sockets take IPv4 too. On a machine without IPv6 they are those of IPv4.
 *   <li>Any other address is that one alone, IPv6 in brackets or not. One in IPv4-mapped notation
 *       (RFC 4291 section 2.5.5.2) is the IPv4 address that it carries.
 *   <li>A name is one address, as with the original services: its first of IPv4, or its first when
 *       it has none. That the others are left out is told in the log, as whoever wants them has to
 *       write {@code ::}.
 * </ul>
 */
public final class Listening {

  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

  /** What resolvers take for an address, in whatever notation, as its last label is a number. */
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?[0-9]+\\.?");

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*\\.?");

  private static final String NO_IPV6 = "there is no IPv6 on this machine or in this process";

  /** Opens a server at an address. */
  public interface Opening<T> {
    T open(InetSocketAddress address) throws IOException;
  }

  private Listening() {}

  /**
   * Checks what a configuration gives as a host to listen on. A name is not resolved.
   *
   * @return the host without brackets, an address as its family writes it
   * @throws IllegalArgumentException if it is neither an address nor a name
   */
  public static String host(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (bare.indexOf(':') >= 0) {
      int zone = bare.endsWith("%") ? -1 : bare.indexOf('%');
      IpAddress address = IpAddress.parse(zone < 0 ? bare : bare.substring(0, zone));
      return address.mappedIpv4().orElse(address) + (zone < 0 ? "" : bare.substring(zone));
    }
    if (NUMERIC.matcher(bare).matches()) {
      return IpAddress.parse(bare).toString();
    }
    if (!NAME.matcher(bare).matches()) {
      throw new IllegalArgumentException(
          "\"%s\": is neither an address nor a name; write :: for both families, or one address"
              .formatted(text));
    }
    return bare;
  }

  /**
   * Returns where a server listens. A name that has no address is found out by {@link #at}.
   *
   * @param host an address, or a name that has one
   * @param port 0 to 65535; 0 picks a free one
   * @throws IllegalArgumentException if the host is neither
   */
  public static InetSocketAddress address(String host, int port) {
    String bare = host(host);
    if (IpAddress.tryParse(bare).filter(IpAddress::isUnspecified).isPresent()) {
      return new InetSocketAddress(port);
    }
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(bare);
    } catch (UnknownHostException e) {
      return InetSocketAddress.createUnresolved(bare, port);
    }
    InetAddress first =
        Arrays.stream(all).filter(Inet4Address.class::isInstance).findFirst().orElse(all[0]);
    if (all.length > 1) {
      LOG.atWarn()
          .addKeyValue("name", bare)
          .addKeyValue("addresses", Arrays.stream(all).map(Listening::text).toList())
          .log(
              "a listener on a name has one address of it, here {}; write :: for both families",
              text(first));
    }
    return new InetSocketAddress(first, port);
  }

  /**
   * Opens a server.
   *
   * @param pointer the value that names the port
   * @throws InvalidConfigurationException if it can't listen there
   */
  public static <T> T at(String pointer, InetSocketAddress address, Opening<T> opening) {
    if (address.isUnresolved()) {
      throw unavailable(
          pointer,
          address,
          hasIpv6()
              ? "the name has no address; give it one or configure another"
              : "the name has no address of IPv4, and "
                  + NO_IPV6
                  + "; give it one or configure another");
    }
    try {
      return opening.open(address);
    } catch (IOException e) {
      throw unavailable(
          pointer,
          address,
          address.getAddress() instanceof Inet6Address && !hasIpv6()
              ? NO_IPV6 + "; switch it on or configure :: or an IPv4 address"
              : e.getMessage() + "; free it or configure another");
    }
  }

  private static InvalidConfigurationException unavailable(
      String pointer, InetSocketAddress address, String reason) {
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                pointer,
                "PortUnavailable",
                "%s: can't be listened on: %s".formatted(text(address), reason))));
  }

  /** Returns an address as URLs have it: IPv6 in brackets. */
  private static String text(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    String host = resolved == null ? address.getHostString() : text(resolved);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    return IpAddress.tryParse(text).map(IpAddress::toString).orElse(text);
  }

  private static boolean hasIpv6() {
    try (ServerSocketChannel six = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      return six.isOpen();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
