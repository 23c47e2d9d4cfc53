package io.dualstack.net;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says why a text was refused and what was probably meant. Asked only for texts that {@link IpText}
 * refused; each answer reads on after the quoted text: <em>what is wrong; what to do</em>.
 */
final class Diagnosis {
  private static final String ANY_PREFIX = "write a prefix such as 192.0.2.0/24 or 2001:db8::/64";
  private static final Pattern TRAILING_WILDCARDS =
      Pattern.compile("(?:\\d{1,3}\\.){0,3}\\*(?:\\.\\*){0,3}");

  private Diagnosis() {}

  static String ofAddress(String text) {
    return AddressFault.of(text).sentence("");
  }

  static String ofPrefix(String text) {
    String common = ofNotation(text, "network");
    if (!common.isEmpty()) {
      return common;
    }
    InterfaceAddress read = IpText.interfaceAddressOrNull(text);
    return read == null
        ? "is not a prefix; " + ANY_PREFIX
        : IpPrefix.hostBitsSet(read.address(), read.prefixLength());
  }

  static String ofInterfaceAddress(String text) {
    String common = ofNotation(text, "address");
    return common.isEmpty() ? "is not an address with a length; " + ANY_PREFIX : common;
  }

  /** What is wrong with an address, a slash and a length, whatever the host bits. */
  private static String ofNotation(String text, String whole) {
    if (text.isBlank()) {
      return "is empty; " + ANY_PREFIX;
    }
    if (!text.strip().equals(text)) {
      return around(text);
    }
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String behind = slash < 0 ? "" : text.substring(slash + 1);
    if (TRAILING_WILDCARDS.matcher(address).matches()) {
      return "has a wildcard; write " + wildcardPrefix(address);
    }
    int hyphen = text.indexOf('-');
    if (hyphen > 0 && IpText.addressOrNull(IpText.firstEnd(text, hyphen)) != null) {
      return "is a range where one prefix is expected; " + ANY_PREFIX;
    }
    IpAddress base = IpText.addressOrNull(address);
    if (base == null) {
      return AddressFault.of(address).sentence(slash < 0 ? "" : "/" + behind);
    }
    if (slash < 0) {
      return "has no length; write %s/%d for the one address, or the length of the %s"
          .formatted(
              base, base.family().bits(), whole.equals("network") ? whole : "network it is on");
    }
    return ofLength(base, behind, whole.equals("network"));
  }

  private static String ofLength(IpAddress base, String behind, boolean masks) {
    if (behind.isEmpty()) {
      return "has no length behind the slash; write %s/%d for the one address"
          .formatted(base, base.family().bits());
    }
    if (behind.indexOf('/') >= 0) {
      return "has two slashes; " + ANY_PREFIX;
    }
    IpAddress mask = IpText.addressOrNull(behind);
    if (mask != null) {
      return ofNetmask(base, mask, masks);
    }
    if (behind.startsWith("-") || behind.startsWith("+")) {
      return "has a sign before its length; write a number from 0 to " + base.family().bits();
    }
    String problem = IpText.numberProblem(behind, "length", base.family().bits());
    return problem.isEmpty() || !problem.startsWith("the length " + behind + " is over")
        ? problem
        : "the length %s is over %d, the longest of an %s prefix; write a number from 0 to %d"
            .formatted(behind, base.family().bits(), base.family().label(), base.family().bits());
  }

  private static String ofNetmask(IpAddress base, IpAddress mask, boolean masks) {
    int length = base.family() == mask.family() ? lengthOf(mask) : -1;
    if (length < 0) {
      return "has the netmask %s, which is no length of an %s prefix; write the length in decimal"
          .formatted(mask, base.family().label());
    }
    return "has a netmask where a length is expected; did you mean %s/%d?"
        .formatted(masks ? base.mask(length) : base, length);
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
    StringBuilder base = new StringBuilder();
    int octets = 0;
    for (String octet : address.split("\\.")) {
      if (!octet.equals("*")) {
        base.append(octet).append('.');
        octets++;
      }
    }
    if (octets == 0) {
      return "0.0.0.0/0 or ::/0";
    }
    return base + "0.".repeat(3 - octets) + "0/" + Byte.SIZE * octets;
  }

  static String ofRange(String text) {
    if (text.isBlank()) {
      return "is empty; write an address, a range such as 192.0.2.1-192.0.2.9, or a prefix";
    }
    if (!text.strip().equals(text)) {
      return around(text);
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
    if (from == null) {
      return "the first address \"%s\" %s".formatted(first, ofAddress(first));
    }
    IpAddress to = IpText.addressOrNull(last);
    if (to == null) {
      return "the last address \"%s\" %s".formatted(last, ofAddress(last));
    }
    return IpRange.problem(from, to);
  }

  static String ofEndpoint(String text) {
    if (text.isBlank()) {
      return "is empty; write an address and a port such as 192.0.2.1:80 or [2001:db8::1]:80";
    }
    if (!text.strip().equals(text)) {
      return around(text);
    }
    if (text.startsWith("[")) {
      return ofBracketed(text);
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String port = colon < 0 ? "" : text.substring(colon + 1);
    if (text.indexOf(':') != colon) {
      IpAddress bare = IpText.addressOrNull(host);
      String meant =
          bare != null && IpText.numberProblem(port, "port", PortRange.MAX).isEmpty()
              ? bare.toUriHost() + ":" + port
              : "[2001:db8::1]:80";
      return "has IPv6 without brackets, so that its port cannot be told from it; write " + meant;
    }
    IpAddress address = IpText.addressOrNull(host);
    if (address == null) {
      return AddressFault.of(host).sentence(colon < 0 ? "" : ":" + port);
    }
    return colon < 0
        ? "has no port; write it behind the address, such as %s:80".formatted(address)
        : IpText.numberProblem(port, "port", PortRange.MAX);
  }

  private static String ofBracketed(String text) {
    int close = text.indexOf(']');
    if (close < 0) {
      return "has no closing bracket; write an endpoint such as [2001:db8::1]:80";
    }
    String inside = text.substring(1, close);
    String behind = text.substring(close + 1);
    IpAddress address = IpText.addressOrNull(inside);
    if (address == null) {
      Optional<String> meant = AddressFault.of(inside).corrected();
      return "the address \"%s\" %s"
          .formatted(
              inside,
              meant.isPresent() && IpText.addressOrNull(meant.get()) != null
                  ? AddressFault.of(inside)
                      .with(IpText.address(meant.get()).toUriHost())
                      .sentence(behind)
                  : ofAddress(inside));
    }
    if (!behind.startsWith(":")) {
      return "has no port behind the bracket; write it, such as %s:80"
          .formatted(address.toUriHost());
    }
    return address.family() == IpFamily.IPV4
        ? "has brackets around IPv4; write %s%s".formatted(address, behind)
        : IpText.numberProblem(behind.substring(1), "port", PortRange.MAX);
  }

  private static String around(String text) {
    String stripped = text.strip();
    return "has blanks around it; write " + stripped;
  }
}
