package io.dualstack;

import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * No free block of the wanted length is left in the subnets that were asked. Says how much is free
 * in which sizes, so that fragmentation is told from emptiness.
 */
public final class PoolExhaustedException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** The network's name. */
  private final String network;

  /** The wanted prefix length. */
  private final int length;

  private final transient SortedMap<Integer, BigInteger> freeByLength;

  /**
   * Creates the exception.
   *
   * @param network the network's name
   * @param length the wanted prefix length
   * @param freeByLength the largest free aligned blocks of the subnets that were asked: how many of
   *     each prefix length
   * @param message the network, what was wanted, what is free, and what to do
   */
  public PoolExhaustedException(
      String network, int length, SortedMap<Integer, BigInteger> freeByLength, String message) {
    super(message, null);
    this.network = network;
    this.length = length;
    this.freeByLength = Collections.unmodifiableSortedMap(new TreeMap<>(freeByLength));
  }

  /**
   * Returns the network's name.
   *
   * @return the name
   */
  public String network() {
    return network;
  }

  /**
   * Returns the wanted prefix length.
   *
   * @return 0 to 128
   */
  public int length() {
    return length;
  }

  /**
   * Returns the largest free aligned blocks: how many of each prefix length.
   *
   * @return an unmodifiable map, empty when nothing at all is free
   */
  public SortedMap<Integer, BigInteger> freeByLength() {
    return freeByLength;
  }
}
