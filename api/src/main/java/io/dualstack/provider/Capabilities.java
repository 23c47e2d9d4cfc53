package io.dualstack.provider;

import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an infrastructure can do; answered without contacting it. What is not in here is refused
 * before any call.
 *
 * @param families what it can do in each family
 * @param dualStackNic whether one NIC can carry both families
 * @param choosers who may pick a delegated prefix
 */
public record Capabilities(
    Map<IpFamily, FamilyCapabilities> families, boolean dualStackNic, Set<PrefixChooser> choosers) {

  /**
   * Copies the collections.
   *
   * @param families what it can do in each family
   * @param dualStackNic whether one NIC can carry both families
   * @param choosers who may pick a delegated prefix
   */
  public Capabilities {
    EnumMap<IpFamily, FamilyCapabilities> copy = new EnumMap<>(IpFamily.class);
    copy.putAll(families);
    families = Collections.unmodifiableMap(copy);
    EnumSet<PrefixChooser> who = EnumSet.noneOf(PrefixChooser.class);
    who.addAll(choosers);
    choosers = Collections.unmodifiableSet(who);
  }

  /**
   * Returns what it can do in a family.
   *
   * @param family the family
   * @return the capabilities; empty if the family is unsupported
   */
  public Optional<FamilyCapabilities> of(IpFamily family) {
    return Optional.ofNullable(families.get(family));
  }

  /**
   * Says why prefixes of a length can't be delegated, and which can.
   *
   * @param family the family
   * @param length the prefix length, shorter than the family's bits
   * @return the reason with the alternative, as a part of a sentence; empty if they can
   */
  public Optional<String> refusePrefix(IpFamily family, int length) {
    FamilyCapabilities inFamily = families.get(family);
    String name = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    if (inFamily == null || inFamily.prefixLengths().isEmpty()) {
      return Optional.of(name + " prefixes can't be delegated here; use single addresses");
    }
    if (inFamily.prefixLengths().contains(length)) {
      return Optional.empty();
    }
    int shortest = inFamily.prefixLengths().first();
    int longest = inFamily.prefixLengths().last();
    String alternative =
        inFamily.prefixLengths().size() == 1
            ? "use /" + shortest
            : inFamily.prefixLengths().size() == longest - shortest + 1
                ? "use /" + shortest + " to /" + longest
                : "use one of " + inFamily.prefixLengths();
    return Optional.of("/" + length + " " + name + " prefixes can't be delegated; " + alternative);
  }
}
