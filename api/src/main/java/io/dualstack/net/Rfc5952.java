package io.dualstack.net;

/** Writes addresses: dotted decimal for IPv4, RFC 5952 for IPv6. */
final class Rfc5952 {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int GROUPS = 8;

  private Rfc5952() {}

  static String text(IpAddress address) {
    StringBuilder out = new StringBuilder(40);
    if (address.family() == IpFamily.IPV4) {
      dotted(out, address.low());
    } else if (address.isIpv4Mapped()) {
      // Section 5: the one prefix whose embedded IPv4 address is known from the bits alone.
      dotted(out.append("::ffff:"), address.low() & 0xffff_ffffL);
    } else {
      compressed(out, address);
    }
    return out.toString();
  }

  /** All groups with all digits, as BOSH and systemd write netmasks; dotted decimal for IPv4. */
  static String expanded(IpAddress address) {
    StringBuilder out = new StringBuilder(40);
    if (address.family() == IpFamily.IPV4) {
      dotted(out, address.low());
      return out.toString();
    }
    for (int i = 0; i < GROUPS; i++) {
      int group = group(address, i);
      if (i > 0) {
        out.append(':');
      }
      for (int shift = 12; shift >= 0; shift -= 4) {
        out.append(HEX[group >>> shift & 0xf]);
      }
    }
    return out.toString();
  }

  private static void compressed(StringBuilder out, IpAddress address) {
    int start = -1;
    int longest = 1; // section 4.2.2: one zero group is not shortened
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && group(address, end) == 0) {
        end++;
      }
      if (end - i > longest) { // section 4.2.3: the first of equals
        start = i;
        longest = end - i;
      }
      i = Math.max(i, end - 1);
    }
    int i = 0;
    while (i < GROUPS) {
      if (i == start) {
        out.append("::");
        i += longest;
        continue;
      }
      if (i > 0 && i != start + longest) {
        out.append(':');
      }
      hex(out, group(address, i));
      i++;
    }
  }

  private static int group(IpAddress address, int index) {
    long half = index < 4 ? address.high() : address.low();
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }

  private static void hex(StringBuilder out, int group) {
    int shift = 12;
    while (shift > 0 && group >>> shift == 0) {
      shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
      out.append(HEX[group >>> shift & 0xf]);
    }
  }

  private static void dotted(StringBuilder out, long bits) {
    out.append(bits >>> 24 & 0xff)
        .append('.')
        .append(bits >>> 16 & 0xff)
        .append('.')
        .append(bits >>> 8 & 0xff)
        .append('.')
        .append(bits & 0xff);
  }
}
