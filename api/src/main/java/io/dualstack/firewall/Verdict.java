package io.dualstack.firewall;

/** What becomes of a packet. */
public enum Verdict {
  /** It passes. */
  ACCEPT,
  /** It does not pass, and its sender is told. */
  REJECT,
  /** It does not pass, and nobody is told. */
  DROP
}
