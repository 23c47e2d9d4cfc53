package io.dualstack.impl.director.bosh;

import java.util.Locale;

/**
 * The form in which the director compares names of networks and instance groups, since they become
 * labels of DNS: lower case, hyphens for underscores, and nothing but letters, digits and hyphens.
 */
final class CanonicalName {

  private CanonicalName() {}

  static String of(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replaceAll("[^a-z0-9-]", "");
  }

  /** Reports a name that can't become a label; returns whether it can. */
  static boolean check(String name, Place at, Findings findings) {
    String canonical = of(name);
    if (!canonical.isEmpty() && !canonical.startsWith("-") && !canonical.endsWith("-")) {
      return true;
    }
    findings.error(
        at,
        "DnsInvalidCanonicalName",
        "%s: becomes \"%s\" in DNS, where a label starts and ends with a letter or digit; rename it"
            .formatted(Shown.text(name), canonical));
    return false;
  }
}
