package io.dualstack.impl.firewall;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Verdict;

/**
 * Packets about which two rule sets decide differently.
 *
 * @param packets the packets
 * @param before what becomes of all of them by the first rule set
 * @param after what becomes of all of them by the second
 */
public record Difference(Match packets, Verdict before, Verdict after) {
  /** Returns one of the packets. */
  public Packet witness() {
    return packets.witness();
  }
}
