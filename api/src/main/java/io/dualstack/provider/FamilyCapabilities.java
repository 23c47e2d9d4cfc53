package io.dualstack.provider;

import io.dualstack.allocation.PrefixChooser;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What an infrastructure can do in one family.
 *
 * @param prefixLengths the lengths of prefixes that can be delegated to a machine; empty for none
 * @param addressesPerNic how many single addresses one NIC can have; 0 for none
 * @param prefixesPerNic how many delegated prefixes one NIC can have; 0 exactly if there are no
 *     lengths
 * @param choosers who may pick a delegated prefix; empty exactly if there are no lengths
 */
public record FamilyCapabilities(
    SortedSet<Integer> prefixLengths,
    int addressesPerNic,
    int prefixesPerNic,
    Set<PrefixChooser> choosers) {

  /**
   * Copies the sets and checks that the parts agree.
   *
   * @param prefixLengths the lengths of prefixes that can be delegated to a machine
   * @param addressesPerNic how many single addresses one NIC can have
   * @param prefixesPerNic how many delegated prefixes one NIC can have
   * @param choosers who may pick a delegated prefix
   */
  public FamilyCapabilities {
    prefixLengths = Collections.unmodifiableSortedSet(new TreeSet<>(prefixLengths));
    EnumSet<PrefixChooser> who = EnumSet.noneOf(PrefixChooser.class);
    who.addAll(choosers);
    choosers = Collections.unmodifiableSet(who);
    if (addressesPerNic < 0 || prefixesPerNic < 0) {
      throw new IllegalArgumentException("numbers per NIC must not be negative");
    }
    boolean delegates = !prefixLengths.isEmpty();
    if (delegates != (prefixesPerNic > 0) || delegates != !choosers.isEmpty()) {
      throw new IllegalArgumentException(
          "prefixes: %s, %d per NIC, chosen by %s: give all three or none"
              .formatted(prefixLengths, prefixesPerNic, choosers));
    }
    if (delegates && (prefixLengths.first() < 0 || prefixLengths.last() > 127)) {
      throw new IllegalArgumentException(
          "prefix lengths: " + prefixLengths + ": outside 0 to 127; leave single addresses out");
    }
  }

  /**
   * Returns capabilities of single addresses only.
   *
   * @param addressesPerNic how many single addresses one NIC can have
   * @return the capabilities
   */
  public static FamilyCapabilities addresses(int addressesPerNic) {
    return new FamilyCapabilities(new TreeSet<>(), addressesPerNic, 0, Set.of());
  }

  /**
   * Returns capabilities with every prefix length between two, both included.
   *
   * @param shortest the shortest prefix length
   * @param longest the longest prefix length
   * @param addressesPerNic how many single addresses one NIC can have
   * @param prefixesPerNic how many delegated prefixes one NIC can have
   * @param choosers who may pick a delegated prefix
   * @return the capabilities
   */
  public static FamilyCapabilities lengths(
      int shortest,
      int longest,
      int addressesPerNic,
      int prefixesPerNic,
      Set<PrefixChooser> choosers) {
    TreeSet<Integer> lengths = new TreeSet<>();
    IntStream.rangeClosed(shortest, longest).forEach(lengths::add);
    return new FamilyCapabilities(lengths, addressesPerNic, prefixesPerNic, choosers);
  }
}
