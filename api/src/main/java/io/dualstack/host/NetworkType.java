package io.dualstack.host;

import java.util.Locale;

/** The type of a network as cloud configs and settings spell it. */
public enum NetworkType {
  /** Addresses are handed out by the director. */
  MANUAL,
  /** Addresses are handed out by the infrastructure. */
  DYNAMIC,
  /** Floating addresses. */
  VIP;

  /**
   * Returns the spelling in cloud configs and settings.
   *
   * @return the lower-case name
   */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }
}
