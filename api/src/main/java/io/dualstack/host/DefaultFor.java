package io.dualstack.host;

import java.util.Locale;

/** What a machine uses one of its networks for by default, as manifests spell it. */
public enum DefaultFor {
  /** Its address is the machine's address in DNS. */
  ADDRESSABLE,
  /** Its name servers are used. */
  DNS,
  /** Its gateway is the default route. */
  GATEWAY;

  /**
   * Returns the spelling in manifests and settings.
   *
   * @return the lower-case name
   */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }
}
