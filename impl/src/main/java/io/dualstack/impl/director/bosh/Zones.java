package io.dualstack.impl.director.bosh;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which availability zones a subnet serves, and knows the zones of the cloud config. */
final class Zones {

  private final @Nullable Set<String> known;
  private final Findings findings;
  private final Set<String> unchecked = new LinkedHashSet<>();

  /**
   * Knows the zones.
   *
   * @param known the names under {@code azs}; null if they couldn't be read
   */
  Zones(@Nullable Set<String> known, Findings findings) {
    this.known = known;
    this.findings = findings;
  }

  /** The zones that were used while it wasn't known which there are. */
  List<String> unchecked() {
    return List.copyOf(unchecked);
  }

  /** Whether there is a zone of this name; true as well when that isn't known. */
  boolean has(String name) {
    return known == null || known.contains(name);
  }

  /** The question to ask about an unknown zone, and what to do. */
  String remedy(String name) {
    Set<String> names = known == null ? Set.of() : known;
    String question = NearestKey.question(name, names);
    return question.isEmpty() ? " add it to azs of the cloud config" : question;
  }

  /**
   * Reads {@code az} or {@code azs} of a subnet.
   *
   * @return the names, none if there are none; null, with an error, if they can't be read
   */
  @Nullable List<String> of(Section subnet) {
    int before = findings.errors();
    if (subnet.has("az") && subnet.has("azs")) {
      findings.error(
          subnet.placeOfKey("azs"),
          "NetworkInvalidProperty",
          "azs: stands beside az; keep one of them");
      return null;
    }
    Set<String> names = new LinkedHashSet<>();
    if (subnet.has("azs")) {
      List<YamlValue> items = subnet.list("azs");
      if (items != null && items.isEmpty()) {
        findings.error(
            subnet.placeOfKey("azs"),
            "NetworkInvalidProperty",
            "azs: is an empty list; name the zones, or leave it out to serve all");
      }
      for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
        name(item, names);
      }
    } else {
      YamlValue az = subnet.get("az");
      String name = subnet.text("az");
      if (az != null && name != null) {
        check(az, name, names);
      }
    }
    return findings.errors() > before ? null : new ArrayList<>(names);
  }

  private void name(YamlValue item, Set<String> into) {
    PsychScalar scalar = item.scalar();
    if (scalar != null && scalar.kind() == PsychScalar.Kind.STRING) {
      if (!Placeholder.refuse(item, findings)) {
        check(item, scalar.text(), into);
      }
    } else {
      Section.wrongType(item, "the name of a zone", "put it in quotes", findings);
    }
  }

  private void check(YamlValue at, String name, Set<String> into) {
    if (known == null) {
      unchecked.add(name);
    } else if (!known.contains(name)) {
      findings.error(
          at.place(),
          "NetworkSubnetUnknownAvailabilityZone",
          "%s: is no availability zone of this cloud config;%s"
              .formatted(Shown.text(name), remedy(name)));
    }
    into.add(name);
  }

  /**
   * Refuses subnets of which some serve certain zones and others all.
   *
   * @param where the subnets
   * @param zones the zones of each, null where they couldn't be read
   */
  void refuseMixture(List<YamlValue> where, List<@Nullable List<String>> zones) {
    int with = -1;
    int without = -1;
    for (int i = 0; i < zones.size(); i++) {
      List<String> names = zones.get(i);
      if (names != null && !names.isEmpty() && with < 0) {
        with = i;
      }
      if (names != null && names.isEmpty() && without < 0) {
        without = i;
      }
    }
    if (with >= 0 && without >= 0) {
      findings.error(
          where.get(without).placeOfMissing("azs"),
          "JobInvalidAvailabilityZone",
          "azs: is missing here, but %s names zones (line %d); name them on all subnets or on none"
              .formatted(where.get(with).path(), where.get(with).place().line()));
    }
  }
}
