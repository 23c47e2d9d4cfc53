package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.host.DefaultFor;
import io.dualstack.impl.director.bosh.NetworkUseReader.ReadUse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Finds out which network of a group is the default for what. */
final class DefaultNetworks {

  private static final Set<DefaultFor> REQUIRED = EnumSet.of(DefaultFor.DNS, DefaultFor.GATEWAY);

  private final Findings findings;

  DefaultNetworks(Findings findings) {
    this.findings = findings;
  }

  /**
   * What each network is the default for: the only one for all, else what the manifest says.
   *
   * @return as many sets as networks, in their order
   */
  List<Set<DefaultFor>> of(Section group, List<ReadUse> uses) {
    if (uses.size() == 1) {
      ReadUse only = uses.get(0);
      if (only.definition() instanceof NetworkDefinition.Vip) {
        findings.error(
            only.place(),
            "NetworkReservationVipDefaultProvided",
            "%s: is the only network, but a vip network has neither gateway nor DNS; add a manual"
                    .formatted(Shown.text(only.name()))
                + " or dynamic one");
      }
      return List.of(REQUIRED);
    }
    for (ReadUse use : uses) {
      use.defaults().forEach((what, at) -> refuseUnfit(use, what, at));
    }
    refuseAmbiguous(uses);
    refuseMissing(group, uses);
    List<Set<DefaultFor>> defaults = new ArrayList<>();
    uses.forEach(use -> defaults.add(use.defaults().keySet()));
    return defaults;
  }

  private void refuseUnfit(ReadUse use, DefaultFor what, YamlValue at) {
    if (use.definition() instanceof NetworkDefinition.Vip) {
      findings.error(
          at.place(),
          "NetworkReservationVipDefaultProvided",
          "%s: network %s is a vip network, which can't be the default for anything; remove it"
              .formatted(what.keyword(), Shown.text(use.name())));
    } else if (use.delegatesPrefixes()) {
      findings.error(
          at.place(),
          "JobNetworkInvalidDefault",
          "%s: network %s hands out delegated prefixes (/%d), which are for what runs on a machine"
                  .formatted(what.keyword(), Shown.text(use.name()), use.effectiveLength())
              + " and not for the machine itself; make a network with single addresses the default");
    }
  }

  private void refuseAmbiguous(List<ReadUse> uses) {
    for (DefaultFor what : DefaultFor.values()) {
      ReadUse first = null;
      for (ReadUse use : uses) {
        YamlValue at = use.defaults().get(what);
        if (at == null) {
          continue;
        }
        if (first == null) {
          first = use;
        } else {
          findings.error(
              at.place(),
              "JobNetworkMultipleDefaults",
              "%s: network %s is the default for it already (line %d); choose one"
                  .formatted(what.keyword(), Shown.text(first.name()), first.place().line()));
        }
      }
    }
  }

  private void refuseMissing(Section group, List<ReadUse> uses) {
    List<String> missing = new ArrayList<>();
    for (DefaultFor what : REQUIRED) {
      if (!uses.isEmpty() && uses.stream().noneMatch(use -> use.defaults().containsKey(what))) {
        missing.add(what.keyword());
      }
    }
    if (!missing.isEmpty()) {
      findings.error(
          group.placeOfKey("networks"),
          "JobNetworkMissingDefault",
          "networks: none of the %d is the default for %s; add default: [%s] to one"
              .formatted(uses.size(), Shown.list(missing), String.join(", ", missing)));
    }
  }
}
