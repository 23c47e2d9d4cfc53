package io.dualstack.cell;

import static java.util.Objects.requireNonNull;

/**
 * Whether a host's kernel does IPv6, and if not, why. Immutable.
 *
 * @param state what was found
 * @param reason the same in words, for people: what was read where, and how to turn IPv6 on
 */
public record HostIpv6(State state, String reason) {

  /** What there is to find. */
  public enum State {
    /** Addresses can be given to devices. */
    ENABLED,
    /** The kernel has no IPv6: it was built without, or its module is not loaded. */
    ABSENT,
    /** The kernel has IPv6 and was told when it started, or when the module was loaded, not to. */
    DISABLED_AT_BOOT,
    /** The setting {@code net.ipv6.conf.all.disable_ipv6} is 1. */
    DISABLED_BY_SYSCTL
  }

  /**
   * Checks that nothing is null.
   *
   * @param state what was found
   * @param reason the same in words, for people: what was read where, and how to turn IPv6 on
   */
  public HostIpv6 {
    requireNonNull(state, "state");
    requireNonNull(reason, "reason");
  }

  /**
   * Returns whether addresses can be given to devices.
   *
   * @return true only for {@link State#ENABLED}
   */
  public boolean isEnabled() {
    return state == State.ENABLED;
  }
}
