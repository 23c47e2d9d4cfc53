package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.host.NetworkType;
import io.dualstack.impl.director.bosh.CloudConfig.Network;
import io.dualstack.net.IpSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the zones and networks of a cloud config; the rest of it is the real director's. */
final class CloudConfigReader {

  private static final List<String> TYPES =
      Arrays.stream(NetworkType.values()).map(NetworkType::keyword).toList();

  private final IpSet directorAddresses;
  private final Findings findings;

  CloudConfigReader(IpSet directorAddresses, Findings findings) {
    this.directorAddresses = directorAddresses;
    this.findings = findings;
  }

  /**
   * Reads a cloud config.
   *
   * @param root its top level
   */
  CloudConfig read(YamlValue root) {
    Section config = Section.of(root, findings);
    if (config == null) {
      return new CloudConfig(Map.of(), false, new Zones(null, findings));
    }
    Zones zones = new Zones(config.has("azs") ? zones(config) : null, findings);
    Map<String, Network> networks = new LinkedHashMap<>();
    boolean complete = networks(config, zones, networks);
    CloudConfig read = new CloudConfig(networks, complete, zones);
    new CompilationCheck(findings).check(config, read);
    warnOfUnchecked(config, zones);
    return read;
  }

  private @Nullable Set<String> zones(Section config) {
    List<YamlValue> items = config.list("azs");
    if (items == null) {
      return null;
    }
    int before = findings.errors();
    Set<String> names = new LinkedHashSet<>();
    for (YamlValue item : items) {
      Section zone = Section.of(item, findings);
      String name = zone == null ? null : zone.requiredText("name", "name the zone, such as z1");
      if (name != null && !names.add(name)) {
        findings.error(
            item.place(),
            "DeploymentDuplicateAvailabilityZoneName",
            Shown.text(name) + ": names two zones; rename or remove one");
      }
    }
    return findings.errors() > before ? null : names;
  }

  private void warnOfUnchecked(Section config, Zones zones) {
    if (!config.has("azs") && !zones.unchecked().isEmpty()) {
      findings.warning(
          config.value().placeOfMissing("azs"),
          "NetworkSubnetUnknownAvailabilityZone",
          "azs: is missing, so nobody checks %s, and BOSH refuses the config; list them under azs"
              .formatted(Shown.list(zones.unchecked())));
    }
  }

  private boolean networks(Section config, Zones zones, Map<String, Network> into) {
    if (!config.has("networks")) {
      config.missing("networks", "define at least one network");
      return false;
    }
    List<YamlValue> items = config.list("networks");
    if (items == null) {
      return false;
    }
    if (items.isEmpty()) {
      findings.error(
          config.placeOfKey("networks"),
          "DeploymentNoNetworks",
          "networks: is an empty list; define at least one network");
    }
    boolean complete = true;
    Map<String, YamlValue> canonicalNames = new HashMap<>();
    for (YamlValue item : items) {
      Section section = Section.of(item, findings);
      Network network = section == null ? null : network(section, zones);
      if (section == null || network == null) {
        complete = false;
        continue;
      }
      YamlValue before = canonicalNames.putIfAbsent(CanonicalName.of(network.name()), item);
      if (before != null) {
        findings.error(
            section.placeOfKey("name"),
            "DeploymentCanonicalNetworkNameTaken",
            "%s: is taken by %s (line %d), also if only case or underscores differ; rename one"
                .formatted(Shown.text(network.name()), before.path(), before.place().line()));
      }
      into.putIfAbsent(network.name(), network);
    }
    return complete;
  }

  /** A network; null if it has no name. */
  private @Nullable Network network(Section section, Zones zones) {
    String name = section.requiredText("name", "name the network");
    if (name != null) {
      CanonicalName.check(name, section.placeOfKey("name"), findings);
    }
    NetworkType type = type(section);
    String shown = name == null ? "?" : name;
    NetworkDefinition definition = type == null ? null : definition(type, shown, section, zones);
    return name == null ? null : new Network(name, type, definition);
  }

  private @Nullable NetworkDefinition definition(
      NetworkType type, String name, Section section, Zones zones) {
    return switch (type) {
      case MANUAL ->
          new ManualNetworkReader(zones, directorAddresses, findings).read(name, section);
      case DYNAMIC -> new DynamicNetworkReader(zones, findings).read(name, section);
      case VIP -> new VipNetworkReader(zones, findings).read(name, section);
    };
  }

  private @Nullable NetworkType type(Section section) {
    if (!section.has("type")) {
      return NetworkType.MANUAL;
    }
    String text = section.text("type");
    if (text == null) {
      return null;
    }
    for (NetworkType type : NetworkType.values()) {
      if (type.keyword().equals(text)) {
        return type;
      }
    }
    findings.error(
        section.placeOfKey("type"),
        "DeploymentInvalidNetworkType",
        "%s: is no type of network; use manual, dynamic or vip.%s"
            .formatted(Shown.text(text), NearestKey.question(text, TYPES)));
    return null;
  }
}
