package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.impl.director.bosh.NetworkUseReader.ReadUse;
import io.dualstack.net.IpFamily;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the networks that share a NIC: those with one {@code nic_group}; a network without has a
 * NIC of its own. Dynamic networks always have, since the director passes no group on for them.
 */
final class NicGroups {

  private final Findings findings;

  NicGroups(Findings findings) {
    this.findings = findings;
  }

  void check(List<ReadUse> uses) {
    if (!uses.stream().allMatch(ReadUse::isNicKnown)) {
      return;
    }
    Map<Integer, Nic> shared = new LinkedHashMap<>();
    Set<Integer> uncertain = new HashSet<>();
    for (ReadUse use : uses) {
      Integer group = use.nicGroup();
      if (use.definition() instanceof NetworkDefinition.Manual manual) {
        Nic nic = group == null ? new Nic() : shared.computeIfAbsent(group, number -> new Nic());
        nic.add(use, manual.family(), findings);
        if (group == null) {
          refuseIfWithoutAddress(nic);
        }
      } else if (use.definition() == null && group != null) {
        uncertain.add(group);
      } else if (use.definition() instanceof NetworkDefinition.Dynamic && group != null) {
        findings.warning(
            use.section().placeOfKey("nic_group"),
            "IgnoredKey",
            "%d: BOSH gives a dynamic network a NIC of its own; remove it".formatted(group));
      }
    }
    shared.forEach(
        (group, nic) -> {
          if (!uncertain.contains(group)) {
            refuseIfWithoutAddress(nic);
          }
        });
    warnOfLostVips(uses, shared.keySet(), uncertain);
  }

  private void refuseIfWithoutAddress(Nic nic) {
    ReadUse prefix = nic.prefix;
    if (prefix != null && nic.addresses.isEmpty()) {
      findings.error(
          prefix.place(),
          "NicGroupWithoutAddress",
          "%s: hands out delegated prefixes, and no other network of its NIC has an address for the"
                  .formatted(Shown.text(prefix.name()))
              + " machine; a prefix can only be secondary: put it into the nic_group of a network"
              + " with single addresses");
    }
  }

  private void warnOfLostVips(List<ReadUse> uses, Set<Integer> groups, Set<Integer> uncertain) {
    for (ReadUse use : uses) {
      Integer group = use.nicGroup();
      if (group != null
          && use.definition() instanceof NetworkDefinition.Vip
          && !groups.contains(group)
          && !uncertain.contains(group)) {
        findings.warning(
            use.section().placeOfKey("nic_group"),
            "IgnoredKey",
            "%d: no manual network has this nic_group, so the floating address goes to the first NIC;"
                    .formatted(group)
                + " use the group of one of them");
      }
    }
  }

  /** What is on one NIC. */
  private static final class Nic {
    private final Map<IpFamily, ReadUse> addresses = new EnumMap<>(IpFamily.class);
    private @Nullable ReadUse prefix;

    void add(ReadUse use, IpFamily family, Findings findings) {
      if (use.delegatesPrefixes()) {
        prefix = prefix == null ? use : prefix;
        return;
      }
      ReadUse before = addresses.putIfAbsent(family, use);
      if (before != null) {
        findings.error(
            use.section().placeOfKey("nic_group"),
            "NicGroupSameFamilyTwice",
            "%d: network %s has an %s address on this NIC already (line %d); BOSH accepts this"
                    .formatted(
                        use.nicGroup(),
                        Shown.text(before.name()),
                        family.label(),
                        before.place().line())
                + " silently, but the second address is lost: use another nic_group");
      }
    }
  }
}
