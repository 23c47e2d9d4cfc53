package io.dualstack.impl.director.bosh;

import io.dualstack.director.InstanceGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a deployment manifest: its name and its instance groups; the rest is passed over. */
final class ManifestReader {

  private static final Map<String, String> OF_VERSION_1 = new LinkedHashMap<>();

  static {
    OF_VERSION_1.put("networks", "V1DeprecatedNetworks");
    OF_VERSION_1.put("jobs", "V1DeprecatedJob");
    OF_VERSION_1.put("resource_pools", "V1DeprecatedResourcePools");
    OF_VERSION_1.put("disk_pools", "V1DeprecatedDiskPools");
  }

  private static final List<String> OF_CLOUD_CONFIGS =
      List.of("azs", "vm_types", "disk_types", "compilation");

  private final CloudConfig config;
  private final Findings findings;

  ManifestReader(CloudConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  /**
   * Reads a manifest.
   *
   * @param root its top level
   * @return the manifest; null, with an error, if it is none
   */
  @Nullable ReadManifest read(YamlValue root) {
    Section manifest = Section.of(root, findings);
    if (manifest == null) {
      return null;
    }
    refuseForeignKeys(manifest);
    String name = manifest.requiredText("name", "name the deployment");
    if (name != null) {
      checkOwnerName(name, manifest.placeOfKey("name"), findings);
    }
    List<InstanceGroup> groups = groups(manifest);
    return new ReadManifest(name == null ? "" : name, groups);
  }

  private void refuseForeignKeys(Section manifest) {
    OF_VERSION_1.forEach(
        (key, code) -> {
          if (manifest.has(key)) {
            findings.error(
                manifest.placeOfKey(key),
                code,
                "%s: is of the first version of manifests, which directors don't take any more; %s"
                    .formatted(
                        key,
                        key.equals("jobs")
                            ? "use instance_groups"
                            : "define them in the cloud config"));
          }
        });
    for (String key : OF_CLOUD_CONFIGS) {
      if (manifest.has(key)) {
        findings.error(
            manifest.placeOfKey(key),
            "DeploymentInvalidProperty",
            key + ": belongs into the cloud config; move it there");
      }
    }
  }

  /** Refuses a name that can't be a part of {@code deployment/group/index}. */
  static void checkOwnerName(String name, Place at, Findings findings) {
    if (name.indexOf('/') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
      findings.error(
          at,
          "ValidationInvalidValue",
          Shown.text(name) + ": has a slash or a control character; rename it");
    }
  }

  private List<InstanceGroup> groups(Section manifest) {
    List<InstanceGroup> groups = new ArrayList<>();
    List<YamlValue> items = manifest.list("instance_groups");
    StaticClaims claims = new StaticClaims();
    InstanceGroupReader reader = new InstanceGroupReader(config, claims, findings);
    Map<String, YamlValue> canonicalNames = new HashMap<>();
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      Section section = Section.of(item, findings);
      if (section == null) {
        continue;
      }
      InstanceGroup group = reader.read(section);
      if (group == null) {
        continue;
      }
      YamlValue before = canonicalNames.putIfAbsent(CanonicalName.of(group.name()), item);
      if (before != null) {
        findings.error(
            section.placeOfKey("name"),
            "DeploymentCanonicalJobNameTaken",
            "%s: is taken by %s (line %d), also if only case or underscores differ; rename one"
                .formatted(Shown.text(group.name()), before.path(), before.place().line()));
      }
      groups.add(group);
    }
    claims.refuseSharing(findings);
    return groups;
  }
}
