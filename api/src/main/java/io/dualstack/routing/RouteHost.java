package io.dualstack.routing;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.Comparator;

/**
 * Where a backend is: an address of either family, or a name. Its text is canonical and without
 * brackets, such as {@code 10.0.0.1}, {@code db.internal} or {@code 2001:db8::1}. Immutable.
 */
public sealed interface RouteHost {
  /**
   * As routers list backends: IPv4 addresses and names by their text, then IPv6 addresses by
   * number.
   */
  Comparator<RouteHost> ORDER =
      Comparator.comparing(RouteHost::isIpv6)
          .thenComparing(
              (one, two) ->
                  one instanceof Address first && two instanceof Address second && one.isIpv6()
                      ? first.address().compareTo(second.address())
                      : one.toString().compareTo(two.toString()));

  /**
   * An address.
   *
   * @param address the address, of either family
   */
  record Address(IpAddress address) implements RouteHost {
    /**
     * Checks the address.
     *
     * @param address the address, of either family
     * @throws IllegalArgumentException when it is IPv4-mapped, which some readers take for IPv4 and
     *     others for IPv6
     */
    public Address {
      address.requireNative();
    }

    @Override
    public boolean isIpv6() {
      return address.family() == IpFamily.IPV6;
    }

    @Override
    public String toUriHost() {
      return address.toUriHost();
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * A name. Its letters stay as they are written, as routers compare texts.
   *
   * @param name letters, digits, {@code _} and {@code -} in labels between dots, at most 253
   *     characters
   */
  record Name(String name) implements RouteHost {
    private static final int LONGEST = 253;

    /**
     * Checks the name.
     *
     * @param name letters, digits, {@code _} and {@code -} in labels between dots
     * @throws IllegalArgumentException when it is no such name, or its last label is a number, as
     *     only that of an IPv4 address is
     */
    public Name {
      if (name.length() > LONGEST
          || !name.matches("[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*))*\\.?")
          || name.matches("(.*\\.)?[0-9]+\\.?")) {
        throw new IllegalArgumentException(
            "\"%s\": is neither a name nor an address; use a host name, an IPv4 address or an IPv6 address"
                .formatted(name));
      }
    }

    @Override
    public boolean isIpv6() {
      return false;
    }

    @Override
    public String toUriHost() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads a host. An IPv6 address may stand in brackets or not, and in any of the forms of RFC 4291
   * section 2.2.
   *
   * @param text the text to read
   * @return the host
   * @throws IllegalArgumentException when it is neither an address nor a name
   */
  static RouteHost parse(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      IpAddress inside = IpAddress.parse(text.substring(1, text.length() - 1));
      return new Address(inside.requireFamily(IpFamily.IPV6));
    }
    IpAddress address = IpAddress.tryParse(text).orElse(null);
    if (address == null && text.indexOf(':') >= 0) {
      // Says what is wrong with the address, which a name can't be with a colon in it.
      address = IpAddress.parse(text);
    }
    return address == null ? new Name(text) : new Address(address);
  }

  /**
   * Returns the host of an address.
   *
   * @param address an address of either family
   * @return the host
   * @throws IllegalArgumentException when it is IPv4-mapped
   */
  static RouteHost of(IpAddress address) {
    return new Address(address);
  }

  /**
   * Returns whether it is an IPv6 address.
   *
   * @return whether it is
   */
  boolean isIpv6();

  /**
   * Returns the text that can be joined with a port: an IPv6 address in brackets.
   *
   * @return such as {@code 10.0.0.1}, {@code db.internal} or {@code [2001:db8::1]}
   */
  String toUriHost();
}
