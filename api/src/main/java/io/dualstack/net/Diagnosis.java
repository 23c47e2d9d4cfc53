package io.dualstack.net;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says why a text was refused and what was probably meant. Asked only for texts that {@link IpText}
 * refused; each answer reads on after the quoted text: <em>what is wrong; what to do</em>.
 */
final class Diagnosis {
  private static final String ANY_PREFIX = "write a prefix such as 192.0.2.0/24 or 2001:db8::/64";
  private static final String ANY_ENDPOINT =
      "write an address and a port such as 192.0.2.1:80 or [2001:db8::1]:80";

  private static final Pattern TRAILING_WILDCARDS =
      Pattern.compile("(?:\\d{1,3}\\.){0,3}\\*(?:\\.\\*){0,3}");

  /** A network with its zero octets left out, {@code 10/8}, as routers and people write it. */
  private static final Pattern SHORT_NETWORK = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){0,2}");

  private Diagnosis() {}

  static String ofAddress(String text) {
    return AddressFault.of(text).sentence("");
  }

  static String ofPrefix(String text) {
    return ofNotation(text, true);
  }

  static String ofInterfaceAddress(String text) {
    return ofNotation(text, false);
  }

  /** What is wrong with an address, a slash and a length. */
  private static String ofNotation(String text, boolean isNetwork) {
    if (text.isBlank()) {
      return "is empty; " + ANY_PREFIX;
    }
    if (text.chars().anyMatch(Character::isWhitespace) && text.indexOf('-') < 0) {
      return blanks(text);
    }
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (TRAILING_WILDCARDS.matcher(address).matches()) {
      return "has a wildcard; write " + wildcardPrefix(address);
    }
    int hyphen = text.indexOf('-');
    if (hyphen > 0 && IpText.addressOrNull(IpText.firstEnd(text, hyphen)) != null) {
      return "is a range where one prefix is expected; " + ANY_PREFIX;
    }
    IpAddress base = IpText.addressOrNull(address);
    if (slash < 0) {
      return base == null
          ? ofAddress(text)
          : "has no length; write %s/%d for the one address, or the length of its network"
              .formatted(base, base.family().bits());
    }
    String length = text.substring(slash + 1);
    return base == null ? ofBase(address, length, isNetwork) : ofLength(base, length, isNetwork);
  }

  /** What is wrong with the part before the slash. */
  private static String ofBase(String address, String length, boolean isNetwork) {
    AddressFault fault = AddressFault.of(address);
    Optional<String> meant = fault.corrected();
    if (isNetwork && SHORT_NETWORK.matcher(address).matches()) {
      int octets = address.split("\\.").length;
      fault = new AddressFault("leaves octets out", null, ANY_PREFIX);
      meant = Optional.of(address + ".0".repeat(4 - octets));
    }
    return fault
        .with(meant.flatMap(base -> notation(base + "/" + length, isNetwork)).orElse(null))
        .advising(ANY_PREFIX)
        .sentence("");
  }

  /** A corrected text in canonical form; empty when it is still not right. */
  private static Optional<String> notation(String text, boolean isNetwork) {
    Optional<InterfaceAddress> read = InterfaceAddress.tryParse(text);
    return isNetwork
        ? read.map(InterfaceAddress::network).map(IpPrefix::toString)
        : read.map(InterfaceAddress::toString);
  }

  /** What is wrong with the part behind the slash, or with host bits when nothing is. */
  private static String ofLength(IpAddress base, String length, boolean isNetwork) {
    int longest = base.family().bits();
    if (length.isEmpty()) {
      return "has no length behind the slash; write %s/%d for the one address"
          .formatted(base, longest);
    }
    if (length.indexOf('/') >= 0) {
      return "has two slashes; " + ANY_PREFIX;
    }
    int zone = length.indexOf('%');
    if (zone >= 0) {
      return "has the zone %s, which means something on one host only; write it without"
          .formatted(AddressSyntaxException.quoted(length.substring(zone)));
    }
    IpAddress mask = IpText.addressOrNull(length);
    if (mask != null) {
      return ofNetmask(base, mask, isNetwork);
    }
    String problem = IpText.numberProblem(length, "prefix length", longest);
    return problem.isEmpty() ? IpPrefix.hostBitsSet(base, Integer.parseInt(length)) : problem;
  }

  private static String ofNetmask(IpAddress base, IpAddress mask, boolean isNetwork) {
    int length = base.family() == mask.family() ? lengthOf(mask) : -1;
    if (length < 0) {
      return "has the netmask %s, which is no length of an %s prefix; write the length in decimal"
          .formatted(mask, base.family().label());
    }
    return "has a netmask where a length is expected; did you mean %s/%d?"
        .formatted(isNetwork ? base.mask(length) : base, length);
  }

  private static int lengthOf(IpAddress mask) {
    for (int length = 0; length <= mask.family().bits(); length++) {
      if (mask.family().last().mask(length).equals(mask)) {
        return length;
      }
    }
    return -1;
  }

  private static String wildcardPrefix(String address) {
    String base = address.substring(0, address.indexOf('*'));
    int octets = (int) base.chars().filter(c -> c == '.').count();
    return octets == 0
        ? "0.0.0.0/0 or ::/0"
        : base + "0.".repeat(3 - octets) + "0/" + Byte.SIZE * octets;
  }

  static String ofRange(String text) {
    if (text.isBlank()) {
      return "is empty; write an address, a range such as 192.0.2.1-192.0.2.9, or a prefix";
    }
    if (!text.strip().equals(text)) {
      return blanks(text);
    }
    int hyphen = text.indexOf('-');
    if (hyphen < 0) {
      return text.indexOf('/') >= 0 || text.indexOf('*') >= 0 ? ofPrefix(text) : ofAddress(text);
    }
    if (text.indexOf('-', hyphen + 1) >= 0) {
      return "has more than one hyphen; write first-last";
    }
    String first = IpText.firstEnd(text, hyphen);
    String last = IpText.lastEnd(text, hyphen);
    IpAddress from = IpText.addressOrNull(first);
    IpAddress to = IpText.addressOrNull(last);
    if (from == null) {
      return "the first address %s %s"
          .formatted(AddressSyntaxException.quoted(first), ofAddress(first));
    }
    if (to == null) {
      return "the last address %s %s"
          .formatted(AddressSyntaxException.quoted(last), ofAddress(last));
    }
    return IpRange.problem(from, to);
  }

  static String ofEndpoint(String text) {
    if (text.isBlank()) {
      return "is empty; " + ANY_ENDPOINT;
    }
    if (text.chars().anyMatch(Character::isWhitespace)) {
      return blanks(text);
    }
    if (text.startsWith("[")) {
      return ofBracketed(text);
    }
    int colon = text.lastIndexOf(':');
    if (text.indexOf(':') != colon) {
      return "has IPv6 without brackets, so that its port cannot be told from it; write "
          + bracketed(text, colon);
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    IpAddress address = IpText.addressOrNull(host);
    if (address == null) {
      return AddressFault.of(host).sentence(colon < 0 ? "" : text.substring(colon));
    }
    return colon < 0
        ? "has no port; write it behind the address, such as %s:80".formatted(address)
        : IpText.numberProblem(text.substring(colon + 1), "port", PortRange.MAX);
  }

  /** The endpoint that text with bare IPv6 most likely means, or an example. */
  private static String bracketed(String text, int lastColon) {
    return IpEndpoint.tryParse("[" + text.substring(0, lastColon) + "]" + text.substring(lastColon))
        .map(IpEndpoint::toString)
        .or(() -> IpAddress.tryParse(text).map(address -> address.toUriHost() + ":80"))
        .orElse("[2001:db8::1]:80");
  }

  private static String ofBracketed(String text) {
    int close = text.indexOf(']');
    if (close < 0) {
      return "has no closing bracket; " + ANY_ENDPOINT;
    }
    String inside = text.substring(1, close);
    String behind = text.substring(close + 1);
    IpAddress address = IpText.addressOrNull(inside);
    if (address == null) {
      AddressFault fault = AddressFault.of(inside);
      Optional<String> meant =
          fault.corrected().flatMap(IpAddress::tryParse).map(IpAddress::toUriHost);
      return "the address %s %s"
          .formatted(
              AddressSyntaxException.quoted(inside),
              fault.with(meant.orElse(null)).sentence(behind));
    }
    if (!behind.startsWith(":")) {
      return "has no port behind the bracket; write it, such as %s:80"
          .formatted(address.toUriHost());
    }
    return address.family() == IpFamily.IPV4
        ? "has brackets around IPv4; write %s%s".formatted(address, behind)
        : IpText.numberProblem(behind.substring(1), "port", PortRange.MAX);
  }

  private static String blanks(String text) {
    String stripped = text.strip();
    return stripped.chars().anyMatch(Character::isWhitespace)
        ? "has blanks in it; write it without"
        : "has blanks around it; write " + AddressSyntaxException.shown(stripped);
  }
}
