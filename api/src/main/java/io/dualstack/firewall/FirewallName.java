package io.dualstack.firewall;

import java.util.regex.Pattern;

/** Names that end up in rules of the kernel, and must not be able to say anything else there. */
final class FirewallName {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,255}");
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9._@:-]{1,15}");

  private FirewallName() {}

  /** A handle or GUID. */
  static String id(String field, String value) {
    if (!ID.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s: \"%s\": is no name; use 1 to 255 letters, digits, dots, dashes and underscores"
              .formatted(field, value));
    }
    return value;
  }

  /** A network device; no plus sign, which would make it a pattern of names. */
  static String device(String field, String value) {
    if (!DEVICE.matcher(value).matches() || value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException(
          "%s: \"%s\": is no device; use 1 to 15 letters, digits and ._@:-"
              .formatted(field, value));
    }
    return value;
  }
}
