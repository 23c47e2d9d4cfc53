package io.dualstack.impl.firewall.nftables;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A set, map or chain that never changes: its name tells its content, so those that want the same
 * share one.
 *
 * @param kind {@code set}, {@code map} or {@code chain}
 * @param body what stands between its braces, line by line
 * @param uses the names of others in it
 */
record Definition(String kind, String name, List<String> body, List<String> uses) {
  /** Enough of a digest that nobody finds two contents with one name. */
  private static final int DIGITS = 32;

  static Definition of(String kind, String prefix, List<String> body, List<String> uses) {
    return new Definition(kind, prefix + "_" + digest(String.join("\n", body)), body, uses);
  }

  /** Makes a chain that no other owner shares, though it say the same. */
  static Definition own(String prefix, String owner, List<String> body, List<String> uses) {
    return new Definition(
        "chain", prefix + "_" + digest(owner + "\n" + String.join("\n", body)), body, uses);
  }

  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns a number of 32 bits that tells a text. */
  static String number(String text) {
    return Long.toString(Long.parseLong(digest(text).substring(0, 8), 16));
  }

  /** Returns it as it stands in a table. A brace directly behind a rule is a syntax error. */
  String text() {
    return "  %s %s {\n    %s\n  }\n".formatted(kind, name, String.join("\n    ", body));
  }
}
