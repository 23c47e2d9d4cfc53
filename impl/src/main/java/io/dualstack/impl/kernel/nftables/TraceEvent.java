package io.dualstack.impl.kernel.nftables;

import io.dualstack.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one chain did to a packet that is traced.
 *
 * @param family the kernel's number of the table's family, NFPROTO_*; 7 is that of bridges
 * @param table the table
 * @param chain the chain
 * @param rule the handle of the rule; 0 where the chain's end decided
 * @param verdict what became of the packet
 * @param in the number of the device it came in by; 0 if it is not told
 * @param out the number of the device it leaves by; 0 if it is not told
 * @param mark its mark
 * @param source its source; null if it is not told
 * @param destination its destination; null if it is not told
 */
public record TraceEvent(
    int family,
    String table,
    String chain,
    long rule,
    Fate verdict,
    int in,
    int out,
    long mark,
    @Nullable IpAddress source,
    @Nullable IpAddress destination) {

  /** What can become of a packet. */
  public enum Fate {
    /** The chain, and those that led to it, let it pass. */
    ACCEPTED,
    /** It ends here, whether its sender is told or not. */
    DROPPED,
    /** It goes on to another rule. */
    GOES_ON
  }
}
