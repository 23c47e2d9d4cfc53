package io.dualstack.provider;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What an infrastructure can do in one family.
 *
 * @param prefixLengths the lengths of prefixes that can be delegated to a machine; empty for none
 * @param addressesPerNic how many single addresses one NIC can have; 0 if the family is unsupported
 * @param prefixesPerNic how many delegated prefixes one NIC can have
 */
public record FamilyCapabilities(
    SortedSet<Integer> prefixLengths, int addressesPerNic, int prefixesPerNic) {

  /**
   * Copies the set and checks that no number is negative.
   *
   * @param prefixLengths the lengths of prefixes that can be delegated to a machine
   * @param addressesPerNic how many single addresses one NIC can have
   * @param prefixesPerNic how many delegated prefixes one NIC can have
   */
  public FamilyCapabilities {
    prefixLengths = Collections.unmodifiableSortedSet(new TreeSet<>(prefixLengths));
    if (addressesPerNic < 0 || prefixesPerNic < 0) {
      throw new IllegalArgumentException("numbers per NIC must not be negative");
    }
  }

  /**
   * Returns capabilities with every prefix length between two, both included.
   *
   * @param shortest the shortest prefix length
   * @param longest the longest prefix length
   * @param addressesPerNic how many single addresses one NIC can have
   * @param prefixesPerNic how many delegated prefixes one NIC can have
   * @return the capabilities
   */
  public static FamilyCapabilities lengths(
      int shortest, int longest, int addressesPerNic, int prefixesPerNic) {
    TreeSet<Integer> lengths = new TreeSet<>();
    IntStream.rangeClosed(shortest, longest).forEach(lengths::add);
    return new FamilyCapabilities(lengths, addressesPerNic, prefixesPerNic);
  }
}
