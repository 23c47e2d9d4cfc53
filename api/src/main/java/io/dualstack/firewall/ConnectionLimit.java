package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

/**
 * How fast one container may open TCP connections to one address and port. Each family counts for
 * itself.
 *
 * @param perSecond connections a second in the long run, 1 or more
 * @param burst connections at once after a pause, 1 or more
 * @param effect what becomes of those above
 */
public record ConnectionLimit(int perSecond, int burst, Effect effect) {
  /** What becomes of connections above the limit. */
  public enum Effect {
    /** They are rejected. */
    REJECTED,
    /** They are logged and rejected. */
    LOGGED_AND_REJECTED,
    /** They are logged, and treated as if there were no limit: a dry run. */
    LOGGED;

    /** {@return whether they are logged} */
    public boolean isLogged() {
      return this != REJECTED;
    }

    /** {@return whether they are rejected} */
    public boolean isRejected() {
      return this != LOGGED;
    }
  }

  /**
   * Checks the numbers.
   *
   * @param perSecond connections a second in the long run, 1 or more
   * @param burst connections at once after a pause, 1 or more
   * @param effect what becomes of those above
   * @throws IllegalArgumentException when a number is below 1
   */
  public ConnectionLimit {
    requireNonNull(effect, "effect");
    FirewallLogging.checkRate("rate_per_sec", perSecond);
    FirewallLogging.checkRate("burst", burst);
  }

  /** {@return how long an idle destination's count is kept: until it is zero, in milliseconds} */
  public long expiryMillis() {
    return (burst + perSecond - 1L) / perSecond * 1000;
  }
}
