package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How full one subnet is, in blocks of the subnet's own length. Quarantined and obsolete blocks
 * count as unavailable in every number.
 *
 * @param network the network's name
 * @param range the subnet's range
 * @param prefixLength the length of the blocks
 * @param total how many blocks the range has
 * @param available how many can still be handed out dynamically
 * @param active live blocks that lie in the range, of any length and network
 * @param obsolete blocks in the range that are given up but not yet detached
 * @param quarantined blocks in the range that rest
 * @param freeByLength the largest free aligned blocks: how many of each prefix length
 */
public record Utilization(
    String network,
    IpPrefix range,
    int prefixLength,
    BigInteger total,
    BigInteger available,
    long active,
    long obsolete,
    long quarantined,
    SortedMap<Integer, BigInteger> freeByLength) {

  /**
   * Copies the map.
   *
   * @param network the network's name
   * @param range the subnet's range
   * @param prefixLength the length of the blocks
   * @param total how many blocks the range has
   * @param available how many can still be handed out dynamically
   * @param active live blocks that lie in the range, of any length and network
   * @param obsolete blocks in the range that are given up but not yet detached
   * @param quarantined blocks in the range that rest
   * @param freeByLength the largest free aligned blocks: how many of each prefix length
   */
  public Utilization {
    requireNonNull(network, "network");
    requireNonNull(range, "range");
    requireNonNull(total, "total");
    requireNonNull(available, "available");
    freeByLength = Collections.unmodifiableSortedMap(new TreeMap<>(freeByLength));
  }
}
