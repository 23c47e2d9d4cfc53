package io.dualstack.net;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hardware address of 48 bits (EUI-48), ordered as an unsigned number. Immutable.
 *
 * @param bits 0 to 0xffffffffffff
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {
  /** The address of every station, {@code ff:ff:ff:ff:ff:ff}. */
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  private static final Pattern STRICT =
      Pattern.compile("[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(?:\\1[0-9a-fA-F]{2}){4}");
  private static final Pattern SHORT_PARTS =
      Pattern.compile("[0-9a-fA-F]{1,2}(?:[:-][0-9a-fA-F]{1,2}){5}");
  private static final Pattern TWELVE_DIGITS = Pattern.compile("[0-9a-fA-F]{12}");
  private static final Pattern THREE_GROUPS =
      Pattern.compile("[0-9a-fA-F]{4}(?:\\.[0-9a-fA-F]{4}){2}");

  private static final long GROUP_BIT = 1L << 40;
  private static final long LOCAL_BIT = 1L << 41;

  /**
   * Checks the range.
   *
   * @param bits 0 to 0xffffffffffff
   * @throws IllegalArgumentException when more than 48 bits are needed
   */
  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException(
          "0x%x: more than the 48 bits of a hardware address; use 0 to 0xffffffffffff"
              .formatted(bits));
    }
  }

  /**
   * Reads six pairs of hexadecimal digits with colons, or with hyphens, between all of them.
   *
   * @param text the text to read
   * @return what was read
   * @throws AddressSyntaxException when the text is anything else
   */
  public static MacAddress parse(String text) {
    if (!STRICT.matcher(text).matches()) {
      throw new AddressSyntaxException(text, problem(text));
    }
    return new MacAddress(Long.parseLong(digits(text), 16));
  }

  /**
   * Reads a hardware address as {@link #parse} does; empty when that would throw.
   *
   * @param text the text to read
   * @return what was read
   */
  public static Optional<MacAddress> tryParse(String text) {
    return STRICT.matcher(text).matches() ? Optional.of(parse(text)) : Optional.empty();
  }

  private static String digits(String text) {
    return text.replaceAll("[:.-]", "");
  }

  private static String problem(String text) {
    if (text.isEmpty()) {
      return "is empty; write a hardware address such as 02:00:00:00:00:01";
    }
    String stripped = text.strip();
    if (!stripped.equals(text) && STRICT.matcher(stripped).matches()) {
      return "has blanks around it; write " + parse(stripped);
    }
    if (TWELVE_DIGITS.matcher(text).matches() || THREE_GROUPS.matcher(text).matches()) {
      return "is not in pairs with colons; write "
          + new MacAddress(Long.parseLong(digits(text), 16));
    }
    Matcher parts = SHORT_PARTS.matcher(text);
    if (parts.matches()) {
      StringBuilder padded = new StringBuilder();
      for (String part : text.toLowerCase(Locale.ROOT).split("[:-]")) {
        padded
            .append(padded.isEmpty() ? "" : ":")
            .append(part.length() == 1 ? "0" : "")
            .append(part);
      }
      boolean mixed = text.indexOf(':') >= 0 && text.indexOf('-') >= 0;
      return (mixed ? "mixes colons and hyphens" : "has a part of one digit") + "; write " + padded;
    }
    return "is not a hardware address; write six pairs of hexadecimal digits such as"
        + " 02:00:00:00:00:01";
  }

  /**
   * {@return the address with this number}
   *
   * @param bits 0 to 0xffffffffffff
   * @throws IllegalArgumentException when more than 48 bits are needed
   */
  public static MacAddress of(long bits) {
    return new MacAddress(bits);
  }

  /** {@return the six bytes in the order of the wire, a new array each time} */
  public byte[] toBytes() {
    byte[] wide = new byte[Long.BYTES];
    Bits128.put(bits, wide, 0);
    return Arrays.copyOfRange(wide, 2, Long.BYTES);
  }

  /** {@return whether the address is of a group; true also for {@link #BROADCAST}} */
  public boolean isMulticast() {
    return (bits & GROUP_BIT) != 0;
  }

  /** {@return whether the address was assigned locally, not by a manufacturer} */
  public boolean isLocal() {
    return (bits & LOCAL_BIT) != 0;
  }

  /** {@return the link-local IPv6 address with the modified EUI-64 identifier, RFC 4291 App} A. */
  public IpAddress toEui64LinkLocal() {
    return IpAddress.ipv6(0xfe80L << 48, interfaceIdentifier());
  }

  /**
   * {@return the address with the modified EUI-64 identifier in a network, as a host without
   * privacy extensions makes it from a router advertisement (RFC 4862 section 5.5.3)}
   *
   * @param network an IPv6 prefix of length 64
   * @throws IllegalArgumentException when it is anything else
   */
  public IpAddress toEui64(IpPrefix network) {
    if (network.requireFamily(IpFamily.IPV6).length() != 64) {
      throw new IllegalArgumentException(
          "%s: an EUI-64 identifier needs a /64; use one".formatted(network));
    }
    return IpAddress.ipv6(network.address().high(), interfaceIdentifier());
  }

  private long interfaceIdentifier() {
    long upper = (bits ^ LOCAL_BIT) >>> 24;
    return upper << 40 | 0xfffeL << 24 | (bits & 0xff_ffffL);
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bits);
  }

  /** Returns six pairs of lower-case digits with colons. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int part = (int) (bits >>> shift) & 0xff;
      out.append(Character.forDigit(part >>> 4, 16)).append(Character.forDigit(part & 0xf, 16));
      if (shift > 0) {
        out.append(':');
      }
    }
    return out.toString();
  }
}
