package io.dualstack.net;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a text that should be one address.
 *
 * @param problem what is wrong, reading on after the text
 * @param meant the address that was probably meant, in canonical text; null when there is no
 *     telling
 * @param advice what to do when there is no telling
 */
record AddressFault(String problem, @Nullable String meant, String advice) {
  private static final String ANY = "write an address such as 192.0.2.1 or 2001:db8::1";
  private static final String ANY_IPV6 = "write an address such as 2001:db8::1";
  private static final int GROUPS = 8;

  /** One to four numbers as the C library's {@code inet_aton} takes them. */
  private static final Pattern INET_ATON =
      Pattern.compile(
          "(?:0[xX][0-9a-fA-F]{1,8}|[0-9]{1,12})(?:\\.(?:0[xX][0-9a-fA-F]{1,8}|[0-9]{1,12})){0,3}");

  private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}");

  private static AddressFault of(String problem, Optional<String> meant, String advice) {
    return new AddressFault(problem, meant.orElse(null), advice);
  }

  private static AddressFault of(String problem, String advice) {
    return new AddressFault(problem, null, advice);
  }

  /** Says what is wrong and what to do, with what stood behind the address put back behind it. */
  String sentence(String behind) {
    return problem + "; " + (meant == null ? advice : "write " + meant + behind);
  }

  Optional<String> corrected() {
    return Optional.ofNullable(meant);
  }

  AddressFault with(@Nullable String otherMeant) {
    return new AddressFault(problem, otherMeant, advice);
  }

  AddressFault advising(String otherAdvice) {
    return new AddressFault(problem, meant, otherAdvice);
  }

  /** The canonical text of an address, or of what was probably meant by it. */
  private static Optional<String> corrected(String text) {
    IpAddress address = IpText.addressOrNull(text);
    return address != null ? Optional.of(address.toString()) : of(text).corrected();
  }

  /** Finds the fault of a text that is not an address. */
  static AddressFault of(String text) {
    if (text.isEmpty()) {
      return of("is empty", ANY);
    }
    if (text.isBlank()) {
      return of("is blank", ANY);
    }
    String stripped = text.strip();
    if (!stripped.equals(text)) {
      return of("has blanks around it", corrected(stripped), "remove them");
    }
    AddressFault extra = ofExtras(text);
    if (extra != null) {
      return extra;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '~' || text.charAt(i) < ' ') {
        return of(
            "has the character U+%04X, which is in no address".formatted(text.codePointAt(i)),
            "write ASCII digits, letters a to f, dots and colons");
      }
    }
    return text.indexOf(':') >= 0 ? ofIpv6(text) : ofIpv4(text);
  }

  /** What people put around an address: zones, brackets, lengths, ports, wildcards, ranges. */
  private static @Nullable AddressFault ofExtras(String text) {
    int zone = text.indexOf('%');
    if (zone >= 0) {
      return of(
          "has the zone %s, which means something on one host only"
              .formatted(AddressSyntaxException.quoted(text.substring(zone))),
          corrected(text.substring(0, zone)),
          "leave it out");
    }
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      boolean port = close > 0 && text.startsWith(":", close + 1);
      return of(
          port
              ? "has brackets and a port where an address alone is expected"
              : "has brackets, which belong to URLs",
          close > 0 ? corrected(text.substring(1, close)) : Optional.empty(),
          "leave them out");
    }
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return of(
          "has a prefix length where one address is expected",
          corrected(text.substring(0, slash)),
          "leave it out");
    }
    if (text.indexOf('*') >= 0) {
      return of("has a wildcard where one address is expected", ANY);
    }
    int hyphen = text.indexOf('-');
    if (hyphen >= 0 && IpText.addressOrNull(IpText.firstEnd(text, hyphen)) != null) {
      return of("is a range where one address is expected", ANY);
    }
    int colon = text.indexOf(':');
    if (colon > 0 && colon == text.lastIndexOf(':') && text.lastIndexOf('.', colon) > 0) {
      return of(
          "has a port where an address alone is expected",
          corrected(text.substring(0, colon)),
          "leave it out");
    }
    return null;
  }

  private static AddressFault ofIpv4(String text) {
    String[] octets = text.split("\\.", -1);
    boolean decimal = text.chars().allMatch(c -> c == '.' || IpText.isDigit((char) c));
    if (decimal && octets.length == 4 && Arrays.stream(octets).noneMatch(String::isEmpty)) {
      return ofOctets(octets);
    }
    if (INET_ATON.matcher(text).matches()) {
      return of(
          decimal
              ? "has %s instead of four, which old software expands (inet_aton)"
                  .formatted(numbers(octets.length))
              : "has hexadecimal numbers, which old software takes for an address (inet_aton)",
          inetAton(octets),
          "write four decimal numbers with dots");
    }
    if (!decimal) {
      return of("is not an IP address, and names are not looked up", ANY);
    }
    return octets.length == 4 || Arrays.stream(octets).anyMatch(String::isEmpty)
        ? of("has an empty octet", "write four decimal numbers with dots")
        : of(
            "has %s instead of four".formatted(numbers(octets.length)),
            "write four decimal numbers with dots");
  }

  private static String numbers(int count) {
    return count == 1 ? "one number" : count + " numbers";
  }

  private static AddressFault ofOctets(String[] octets) {
    StringBuilder plain = new StringBuilder();
    String zero = "";
    for (String octet : octets) {
      String digits = octet.replaceFirst("^0+(?=.)", "");
      if (digits.length() > 3 || Integer.parseInt(digits) > 255) {
        return of(
            "octet %s is over 255".formatted(AddressSyntaxException.shown(octet)),
            "write numbers from 0 to 255");
      }
      if (digits.length() < octet.length() && zero.isEmpty()) {
        zero = octet;
      }
      plain.append(plain.isEmpty() ? "" : ".").append(digits);
    }
    return zero.isEmpty()
        ? of("is not an IPv4 address", ANY)
        : of(
            "octet %s has a leading zero, which some software reads as octal"
                .formatted(AddressSyntaxException.shown(zero)),
            Optional.of(plain.toString()),
            ANY);
  }

  /** What {@code inet_aton} makes of it: the last number fills all bytes that are left. */
  private static Optional<String> inetAton(String[] numbers) {
    long address = 0;
    for (int i = 0; i < numbers.length; i++) {
      long number = numberOf(numbers[i]);
      int bytes = i < numbers.length - 1 ? 1 : 5 - numbers.length;
      if (number < 0 || number >>> (Byte.SIZE * bytes) != 0) {
        return Optional.empty();
      }
      address = address << (Byte.SIZE * bytes) | number;
    }
    return Optional.of(IpAddress.ipv4(address).toString());
  }

  private static long numberOf(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      return -1; // a digit 8 or 9 behind a leading zero
    }
  }

  private static AddressFault ofIpv6(String text) {
    if (MAC.matcher(text).matches()) {
      return of("is a hardware address (MAC)", ANY_IPV6);
    }
    for (int i = 0; i < text.length(); i++) {
      if (!IpText.isOfAnAddress(text.charAt(i))) {
        return of(
            "\"%c\" is not a hexadecimal digit".formatted(text.charAt(i)),
            "write groups of the digits 0 to 9 and a to f");
      }
    }
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return of("has \"::\" twice or three colons in a row", "write \"::\" once");
    }
    if ((text.startsWith(":") && gap != 0) || (text.endsWith(":") && gap != text.length() - 2)) {
      return of(
          "has a single colon at its start or end",
          "write \"::\" for groups of zeros, or no colon");
    }
    return ofGroups(text, gap);
  }

  private static AddressFault ofGroups(String text, int gap) {
    int groups = 0;
    int at = 0;
    for (String group : text.split(":", -1)) {
      boolean last = at + group.length() == text.length();
      if (group.indexOf('.') >= 0) {
        if (!last) {
          return of("has a dotted part that is not at its end", ANY_IPV6);
        }
        if (IpText.addressOrNull(group) == null) {
          AddressFault inside = of(group);
          return of(
              "in its IPv4 part, " + inside.problem,
              inside
                  .corrected()
                  .flatMap(
                      tail -> corrected(text.substring(0, text.length() - group.length()) + tail)),
              ANY_IPV6);
        }
        groups += 2;
      } else if (!group.isEmpty()) {
        if (group.length() > 4) {
          return of(
              "group %s has more than four digits".formatted(AddressSyntaxException.quoted(group)),
              ANY_IPV6);
        }
        groups++;
      }
      at += group.length() + 1;
    }
    if (gap >= 0 && groups >= GROUPS) {
      return of(
          "\"::\" stands for no group, since there are %d already".formatted(groups),
          "leave one out");
    }
    return groups == GROUPS || gap >= 0
        ? of("is not an IPv6 address", ANY_IPV6)
        : of(
            "has %d groups instead of eight".formatted(groups),
            groups > GROUPS
                ? "write [address]:port if the last one is a port, or leave one out"
                : "write \"::\" for groups of zeros");
  }
}
