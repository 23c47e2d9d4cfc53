package io.dualstack.impl.director.bosh;

import io.dualstack.impl.director.bosh.CloudConfig.Network;

/** Checks that the network and zone in which packages are compiled exist. */
final class CompilationCheck {

  private final Findings findings;

  CompilationCheck(Findings findings) {
    this.findings = findings;
  }

  void check(Section config, CloudConfig read) {
    YamlValue at = config.get("compilation");
    if (at == null || !at.isMapping()) {
      return;
    }
    Section compilation = Section.of(at, findings);
    if (compilation == null) {
      return;
    }
    String name = compilation.text("network");
    Network network = name == null ? null : read.networks().get(name);
    if (name != null && network == null && read.complete()) {
      findings.error(
          compilation.placeOfKey("network"),
          "CompilationConfigUnknownNetwork",
          "%s: is no network of this cloud config;%s"
              .formatted(
                  Shown.text(name),
                  NearestKey.of(name, read.networks().keySet())
                      .map(" did you mean %s?"::formatted)
                      .orElse(" define it under networks")));
    }
    String zone = compilation.text("az");
    if (zone != null && !read.zones().has(zone)) {
      findings.error(
          compilation.placeOfKey("az"),
          "CompilationConfigInvalidAvailabilityZone",
          "%s: is no availability zone of this cloud config;%s"
              .formatted(Shown.text(zone), read.zones().remedy(zone)));
    }
  }
}
