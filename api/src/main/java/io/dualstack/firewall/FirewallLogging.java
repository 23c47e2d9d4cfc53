package io.dualstack.firewall;

/**
 * Which packets the kernel logs. Rules of security groups can ask for it too, for what they let
 * through.
 *
 * @param egress whether all that leaves or is kept from leaving by security groups is logged
 * @param containerToContainer whether all that is kept from a container is logged
 * @param deniedPerSecond the most lines a second of one rule about packets that don't pass, 1 or
 *     more
 * @param acceptedUdpPerSecond the most lines a second of one rule about UDP that passes, 1 or more;
 *     of other protocols only what opens a connection is logged
 */
public record FirewallLogging(
    boolean egress, boolean containerToContainer, int deniedPerSecond, int acceptedUdpPerSecond) {
  /** Logs what rules ask for alone. */
  public static final FirewallLogging OFF = new FirewallLogging(false, false, 1, 100);

  /**
   * Checks the rates.
   *
   * @param egress whether all that leaves or is kept from leaving by security groups is logged
   * @param containerToContainer whether all that is kept from a container is logged
   * @param deniedPerSecond the most lines a second of one rule about packets that don't pass
   * @param acceptedUdpPerSecond the most lines a second of one rule about UDP that passes
   * @throws IllegalArgumentException when a rate is not 1 to 10000, which is what the kernel counts
   */
  public FirewallLogging {
    checkLogRate("iptables_denied_logs_per_sec", deniedPerSecond);
    checkLogRate("iptables_accepted_udp_logs_per_sec", acceptedUdpPerSecond);
  }

  private static void checkLogRate(String field, int value) {
    checkRate(field, value);
    if (value > 10_000) {
      throw new IllegalArgumentException(
          "%s: %d: is out of range; use 1 to 10000".formatted(field, value));
    }
  }

  static void checkRate(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s: %d: is out of range; use 1 or more".formatted(field, value));
    }
  }
}
