package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.impl.director.bosh.NetworkUseReader.ReadUse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that a network has a subnet for every zone in which a group has instances. */
final class ZoneCoverage {

  private static final String CODE = "JobNetworkMissingRequiredAvailabilityZone";

  private final Findings findings;
  private final Map<String, Set<String>> served = new HashMap<>();

  ZoneCoverage(Findings findings) {
    this.findings = findings;
  }

  void check(ReadUse use, Section group, List<String> zones) {
    NetworkDefinition definition = use.definition();
    if (definition == null || definition instanceof NetworkDefinition.Vip) {
      return;
    }
    Set<String> names = served.computeIfAbsent(use.name(), name -> zonesOf(definition));
    if (zones.isEmpty() && !names.isEmpty()) {
      findings.error(
          group.value().placeOfMissing("azs"),
          CODE,
          "azs: is missing, but network %s serves only %s; name the zones of the group"
              .formatted(Shown.text(use.name()), Shown.list(List.copyOf(names))));
      return;
    }
    List<String> unserved = zones.stream().filter(zone -> !names.contains(zone)).toList();
    if (!unserved.isEmpty()) {
      findings.error(
          use.place(),
          CODE,
          names.isEmpty()
              ? "%s: names no zones on its subnets, but the group is in %s; name them there too"
                  .formatted(Shown.text(use.name()), Shown.list(zones))
              : "%s: has no subnet in %s, only in %s; add one, or remove the zone from the group"
                  .formatted(
                      Shown.text(use.name()),
                      Shown.list(unserved),
                      Shown.list(List.copyOf(names))));
    }
  }

  private static Set<String> zonesOf(NetworkDefinition definition) {
    Set<String> names = new LinkedHashSet<>();
    if (definition instanceof NetworkDefinition.Manual manual) {
      manual.subnets().forEach(subnet -> names.addAll(subnet.zones()));
    } else if (definition instanceof NetworkDefinition.Dynamic dynamic) {
      dynamic.subnets().forEach(subnet -> names.addAll(subnet.zones()));
    }
    return names;
  }
}
