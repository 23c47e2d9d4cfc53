package io.dualstack.provider;

import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What an infrastructure can do; answered without contacting it. What is not in here is refused
 * before any call.
 *
 * @param families what it can do in each family; a family that is missing is unsupported
 * @param dualStackNic whether one NIC can carry both families
 */
public record Capabilities(Map<IpFamily, FamilyCapabilities> families, boolean dualStackNic) {

  /**
   * Copies the map.
   *
   * @param families what it can do in each family
   * @param dualStackNic whether one NIC can carry both families
   */
  public Capabilities {
    EnumMap<IpFamily, FamilyCapabilities> copy = new EnumMap<>(IpFamily.class);
    copy.putAll(families);
    families = Collections.unmodifiableMap(copy);
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
    if (inFamily == null) {
      return Optional.of(unsupported(family));
    }
    if (inFamily.prefixLengths().isEmpty()) {
      return Optional.of(
          family.label() + " prefixes can't be delegated here; use single addresses");
    }
    if (inFamily.prefixLengths().contains(length)) {
      return Optional.empty();
    }
    return Optional.of(
        "/%d %s prefixes can't be delegated; use %s"
            .formatted(length, family.label(), alternative(inFamily.prefixLengths())));
  }

  /**
   * Says why somebody can't pick the prefixes of a family, and who can.
   *
   * @param family the family
   * @param chooser who is to pick them
   * @return the reason with the alternative, as a part of a sentence; empty if he can
   */
  public Optional<String> refuseChooser(IpFamily family, PrefixChooser chooser) {
    FamilyCapabilities inFamily = families.get(family);
    if (inFamily == null) {
      return Optional.of(unsupported(family));
    }
    if (inFamily.choosers().isEmpty() || inFamily.choosers().contains(chooser)) {
      return Optional.empty();
    }
    return Optional.of(
        chooser == PrefixChooser.PROVIDER
            ? "the infrastructure doesn't pick %s prefixes; have the director pick them"
                .formatted(family.label())
            : "the infrastructure itself picks %s prefixes; ask it for the size only"
                .formatted(family.label()));
  }

  /**
   * Says why a NIC can't be made as it is asked for: family, length, chooser, number per NIC. A
   * prefix that is already chosen is not held against the chooser: it may be the infrastructure's
   * own choice, asked for again.
   *
   * @param request the NIC
   * @return the reason with the alternative, as a part of a sentence; empty if it can
   */
  public Optional<String> refuse(NicRequest request) {
    EnumMap<IpFamily, Integer> addresses = new EnumMap<>(IpFamily.class);
    EnumMap<IpFamily, Integer> prefixes = new EnumMap<>(IpFamily.class);
    for (NicBlock block : request.blocks()) {
      Optional<String> refusal = refuse(block);
      if (refusal.isPresent()) {
        return refusal.map(reason -> "network " + block.network() + ": " + reason);
      }
      (block.isPrefix() ? prefixes : addresses).merge(block.family(), 1, Integer::sum);
    }
    for (Map.Entry<IpFamily, FamilyCapabilities> family : families.entrySet()) {
      Optional<String> refusal =
          tooMany(
                  addresses.getOrDefault(family.getKey(), 0),
                  family.getValue().addressesPerNic(),
                  family.getKey().label() + " addresses")
              .or(
                  () ->
                      tooMany(
                          prefixes.getOrDefault(family.getKey(), 0),
                          family.getValue().prefixesPerNic(),
                          family.getKey().label() + " prefixes"));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    long used = request.blocks().stream().map(NicBlock::family).distinct().count();
    return used > 1 && !dualStackNic
        ? Optional.of("one NIC can't carry both families; use a NIC for each")
        : Optional.empty();
  }

  private Optional<String> refuse(NicBlock block) {
    FamilyCapabilities inFamily = families.get(block.family());
    if (inFamily == null) {
      return Optional.of(unsupported(block.family()));
    }
    if (block.isPrefix()) {
      // A chosen one may be the provider's own earlier choice, so only it can tell.
      return refusePrefix(block.family(), block.length())
          .or(
              () ->
                  block.block() == null
                      ? refuseChooser(block.family(), PrefixChooser.PROVIDER)
                      : Optional.empty());
    }
    return refuseAddresses(block.family());
  }

  /**
   * Says why single addresses of a family can't be attached, and what can.
   *
   * @param family the family
   * @return the reason with the alternative, as a part of a sentence; empty if they can
   */
  public Optional<String> refuseAddresses(IpFamily family) {
    FamilyCapabilities inFamily = families.get(family);
    if (inFamily == null) {
      return Optional.of(unsupported(family));
    }
    return inFamily.addressesPerNic() == 0
        ? Optional.of(
            "single %s addresses can't be attached; use %s"
                .formatted(family.label(), alternative(inFamily.prefixLengths())))
        : Optional.empty();
  }

  private static Optional<String> tooMany(int asked, int limit, String what) {
    return asked > limit
        ? Optional.of("%d %s on one NIC; use at most %d".formatted(asked, what, limit))
        : Optional.empty();
  }

  private static String unsupported(IpFamily family) {
    return "%s is unsupported; use %s".formatted(family.label(), family.other().label());
  }

  private static String alternative(SortedSet<Integer> lengths) {
    if (lengths.isEmpty()) {
      return "the other family";
    }
    int shortest = lengths.first();
    int longest = lengths.last();
    if (lengths.size() == 1) {
      return "/" + shortest;
    }
    return lengths.size() == longest - shortest + 1
        ? "/%d to /%d".formatted(shortest, longest)
        : "one of " + lengths;
  }
}
