package io.dualstack.net;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one strict parser. Each form is read by a {@code …OrNull} method, which decides without
 * throwing; {@link Diagnosis} is asked for the reason only once a text was refused.
 *
 * <p>The grammar of single addresses is IPAddress's with every leniency off. Its own trimming of
 * blanks and its reading of lengths are not used: anything but the characters of an address is
 * refused before it is called, and lengths are read here.
 */
final class IpText {
  /** The longest address is {@code ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255}. */
  private static final int LONGEST_ADDRESS = 45;

  private static final IPAddressStringParameters STRICT = strict();

  private IpText() {}

  private static IPAddressStringParameters strict() {
    IPAddressStringParameters.Builder builder =
        new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .allow_inet_aton(false);
    builder
        .getIPv4AddressParametersBuilder()
        .allowBinary(false)
        .allowLeadingZeros(false)
        .allowUnlimitedLeadingZeros(false);
    builder
        .getIPv6AddressParametersBuilder()
        .allowBase85(false)
        .allowBinary(false)
        .allowZone(false)
        .allowEmptyZone(false)
        .allow_mixed_inet_aton(false)
        .allowUnlimitedLeadingZeros(false)
        .getEmbeddedIPv4AddressParametersBuilder()
        .allowBinary(false)
        .allowLeadingZeros(false)
        .allowUnlimitedLeadingZeros(false);
    return builder.toParams();
  }

  static IpAddress address(String text) {
    IpAddress address = addressOrNull(text);
    if (address == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofAddress(text));
    }
    return address;
  }

  static @Nullable IpAddress addressOrNull(String text) {
    if (text.isEmpty() || text.length() > LONGEST_ADDRESS) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isOfAnAddress(text.charAt(i))) {
        return null;
      }
    }
    IPAddress parsed = new IPAddressString(text, STRICT).getAddress();
    if (parsed == null || parsed.isMultiple() || parsed.isPrefixed()) {
      return null;
    }
    return IpAddress.ofBytes(parsed.getBytes());
  }

  static boolean isOfAnAddress(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static IpPrefix prefix(String text) {
    IpPrefix prefix = prefixOrNull(text);
    if (prefix == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofPrefix(text));
    }
    return prefix;
  }

  static @Nullable IpPrefix prefixOrNull(String text) {
    InterfaceAddress read = interfaceAddressOrNull(text);
    return read == null || !read.address().equals(read.address().mask(read.prefixLength()))
        ? null
        : new IpPrefix(read.address(), read.prefixLength());
  }

  static InterfaceAddress interfaceAddress(String text) {
    InterfaceAddress address = interfaceAddressOrNull(text);
    if (address == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofInterfaceAddress(text));
    }
    return address;
  }

  static @Nullable InterfaceAddress interfaceAddressOrNull(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return null;
    }
    IpAddress address = addressOrNull(text.substring(0, slash));
    if (address == null) {
      return null;
    }
    String length = text.substring(slash + 1);
    return numberProblem(length, "length", address.family().bits()).isEmpty()
        ? new InterfaceAddress(address, Integer.parseInt(length))
        : null;
  }

  static IpRange range(String text) {
    IpRange range = rangeOrNull(text);
    if (range == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofRange(text));
    }
    return range;
  }

  static @Nullable IpRange rangeOrNull(String text) {
    int hyphen = text.indexOf('-');
    if (hyphen >= 0) {
      IpAddress first = addressOrNull(firstEnd(text, hyphen));
      IpAddress last = addressOrNull(lastEnd(text, hyphen));
      return first == null || last == null || !IpRange.problem(first, last).isEmpty()
          ? null
          : new IpRange(first, last);
    }
    if (text.indexOf('/') >= 0) {
      IpPrefix prefix = prefixOrNull(text);
      return prefix == null ? null : prefix.toRange();
    }
    IpAddress single = addressOrNull(text);
    return single == null ? null : IpRange.single(single);
  }

  /** The text before the hyphen without the spaces that may stand around it. */
  static String firstEnd(String text, int hyphen) {
    int end = hyphen;
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  /** The text behind the hyphen without the spaces that may stand around it. */
  static String lastEnd(String text, int hyphen) {
    int start = hyphen + 1;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  static IpRange.Lenient rangeMasking(String text) {
    IpRange strict = rangeOrNull(text);
    if (strict != null) {
      return new IpRange.Lenient(strict, Optional.empty());
    }
    InterfaceAddress read = interfaceAddressOrNull(text);
    if (read == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofRange(text));
    }
    IpPrefix masked = read.network();
    return new IpRange.Lenient(
        masked.toRange(),
        Optional.of(
            "%s: host bits are set and were dropped; write %s"
                .formatted(AddressSyntaxException.quoted(text), masked)));
  }

  static IpEndpoint endpoint(String text) {
    IpEndpoint endpoint = endpointOrNull(text);
    if (endpoint == null) {
      throw new AddressSyntaxException(text, Diagnosis.ofEndpoint(text));
    }
    return endpoint;
  }

  static @Nullable IpEndpoint endpointOrNull(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
    IpAddress address = addressOrNull(bracketed ? host.substring(1, colon - 1) : host);
    if (address == null || bracketed != (address.family() == IpFamily.IPV6)) {
      return null;
    }
    String port = text.substring(colon + 1);
    return numberProblem(port, "port", PortRange.MAX).isEmpty()
        ? new IpEndpoint(address, Integer.parseInt(port))
        : null;
  }

  /**
   * Says why a text is not a decimal number without leading zeros from 0 to a maximum; empty when
   * it is one.
   */
  static String numberProblem(String text, String what, int max) {
    if (text.isEmpty()) {
      return "the %s is missing; write a number from 0 to %d".formatted(what, max);
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return "%s is not a %s; write a number from 0 to %d"
            .formatted(AddressSyntaxException.quoted(text), what, max);
      }
    }
    if (text.length() > 1 && text.charAt(0) == '0') {
      String stripped = text.replaceFirst("^0+(?=.)", "");
      return "the %s %s has a leading zero; write %s"
          .formatted(
              what, AddressSyntaxException.shown(text), AddressSyntaxException.shown(stripped));
    }
    if (text.length() > 9 || Integer.parseInt(text) > max) {
      return "the %s %s is over %d; write a number from 0 to %d"
          .formatted(what, AddressSyntaxException.shown(text), max, max);
    }
    return "";
  }
}
