package io.dualstack.impl.director.bosh;

import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.host.DefaultFor;
import io.dualstack.impl.director.bosh.NetworkUseReader.ReadUse;
import io.dualstack.net.IpRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an instance group and checks its networks against one another and the cloud config. */
final class InstanceGroupReader {

  private static final int MOST_INSTANCES = 1_000_000;

  private final CloudConfig config;
  private final Findings findings;
  private final NetworkUseReader uses;
  private final ZoneCoverage coverage;
  private final StaticIps statics;

  InstanceGroupReader(CloudConfig config, StaticClaims claims, Findings findings) {
    this.config = config;
    this.findings = findings;
    this.uses = new NetworkUseReader(config, findings);
    this.coverage = new ZoneCoverage(findings);
    this.statics = new StaticIps(claims, findings);
  }

  /**
   * Reads a group.
   *
   * @return the group, without what is wrong with it; null, with errors, if too little is left of
   *     it
   */
  @Nullable InstanceGroup read(Section group) {
    String name = group.requiredText("name", "name the instance group");
    if (name != null) {
      Place at = group.placeOfKey("name");
      if (CanonicalName.check(name, at, findings)) {
        ManifestReader.checkOwnerName(name, at, findings);
      }
    }
    Integer instances = instances(group);
    List<String> zones = zones(group);
    boolean enableIpv6 = enablesIpv6(group);
    List<ReadUse> read = networks(group);
    if (zones != null) {
      read.forEach(use -> coverage.check(use, group, zones));
    }
    List<Set<DefaultFor>> defaults = new DefaultNetworks(findings).of(group, read);
    new NicGroups(findings).check(read);
    List<List<IpRange>> addresses = statics.of(read, instances, zones == null ? List.of() : zones);
    List<NetworkUse> networks = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      ReadUse use = read.get(i);
      networks.add(
          new NetworkUse(
              use.name(), defaults.get(i), addresses.get(i), use.nicGroup(), use.length()));
    }
    return name == null || networks.isEmpty()
        ? null
        : new InstanceGroup(
            name,
            instances == null ? 0 : instances,
            zones == null ? List.of() : zones,
            networks,
            enableIpv6);
  }

  private @Nullable Integer instances(Section group) {
    if (!group.has("instances")) {
      group.missing("instances", "say how many instances there are");
      return null;
    }
    BigInteger number = group.integer("instances");
    if (number == null) {
      return null;
    }
    boolean negative = number.signum() < 0;
    if (negative || number.compareTo(BigInteger.valueOf(MOST_INSTANCES)) > 0) {
      findings.error(
          group.placeOfKey("instances"),
          negative ? "ValidationViolatedMin" : "ValidationViolatedMax",
          "%s: is no number of instances; use 0 to %d"
              .formatted(Shown.text(number.toString()), MOST_INSTANCES));
      return null;
    }
    return number.intValue();
  }

  /** The zones; none if the group names none; null, with an error, if they can't be read. */
  private @Nullable List<String> zones(Section group) {
    if (!group.has("azs")) {
      return List.of();
    }
    List<YamlValue> items = group.list("azs");
    if (items == null) {
      return null;
    }
    int before = findings.errors();
    if (items.isEmpty()) {
      findings.error(
          group.placeOfKey("azs"),
          "JobMissingAvailabilityZones",
          "azs: is an empty list; name the zones, or leave it out");
    }
    Set<String> names = new LinkedHashSet<>();
    for (YamlValue item : items) {
      PsychScalar scalar = item.scalar();
      if (Placeholder.refuse(item, findings)) {
        continue;
      }
      if (scalar == null || scalar.kind() != PsychScalar.Kind.STRING) {
        findings.error(
            item.place(),
            "JobInvalidAvailabilityZone",
            "%s: is %s where the name of a zone is expected; put it in quotes"
                .formatted(item.shown(), scalar == null ? item.shown() : scalar.reads()));
      } else if (!config.zones().has(scalar.text())) {
        findings.error(
            item.place(),
            "JobUnknownAvailabilityZone",
            "%s: is no availability zone of the cloud config;%s"
                .formatted(item.shown(), config.zones().remedy(scalar.text())));
      } else {
        names.add(scalar.text());
      }
    }
    return findings.errors() > before ? null : List.copyOf(names);
  }

  private boolean enablesIpv6(Section group) {
    Section env = group.section("env");
    Section bosh = env == null ? null : env.section("bosh");
    Section ipv6 = bosh == null ? null : bosh.section("ipv6");
    return ipv6 != null && Boolean.TRUE.equals(ipv6.flag("enable"));
  }

  private List<ReadUse> networks(Section group) {
    List<ReadUse> read = new ArrayList<>();
    if (!group.has("networks")) {
      group.missing("networks", "an instance group needs at least one network");
      return read;
    }
    List<YamlValue> items = group.list("networks");
    if (items != null && items.isEmpty()) {
      findings.error(
          group.placeOfKey("networks"),
          "JobMissingNetwork",
          "networks: is an empty list; an instance group needs at least one network");
    }
    Map<String, ReadUse> byName = new HashMap<>();
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      Section section = Section.of(item, findings);
      ReadUse use = section == null ? null : uses.read(section);
      if (use == null) {
        continue;
      }
      ReadUse before = byName.putIfAbsent(use.name(), use);
      if (before == null) {
        read.add(use);
      } else {
        findings.error(
            use.place(),
            "JobDuplicateNetwork",
            "%s: is a network of this group already (line %d); BOSH accepts this silently, but one"
                    .formatted(Shown.text(use.name()), before.place().line())
                + " of the two is lost: name it once");
      }
    }
    return read;
  }
}
