package io.dualstack.impl.firewall.cell;

/**
 * How packets that a rule is about are logged. Of packets that pass, UDP is limited by rate, and of
 * all else only what opens a connection, or belongs to none, is logged; of packets that don't pass
 * all are, limited by rate.
 *
 * @param prefix what a line begins with: at most 28 characters and a blank, as the kernel takes no
 *     more
 * @param perSecond the most lines a second, and at once
 */
public record PacketLog(String prefix, int perSecond) {
  private static final int LONGEST = 28;

  /** Returns a log whose lines begin with a text, cut to what fits, and a blank. */
  public static PacketLog of(String text, int perSecond) {
    return new PacketLog(text.substring(0, Math.min(LONGEST, text.length())) + " ", perSecond);
  }
}
