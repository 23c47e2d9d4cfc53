package io.dualstack.impl.lab;

import java.nio.file.Path;

/**
 * Where a lab is on this machine: its directory, and its namespaces, which all begin with the same
 * words.
 *
 * @param name what the user calls it
 */
public record LabPlace(String name) {
  /** The file system of this boot, as namespaces don't outlive it either. */
  private static final Path RUN = Path.of("/run");

  static final String UNDERLAY = "underlay";
  static final String OUTSIDE = "outside";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it can't be part of names
   */
  public LabPlace {
    if (!name.matches("[a-z0-9]{1,12}")) {
      throw new IllegalArgumentException(
          "\"" + name + "\": is no name of a lab; use 1 to 12 small letters and digits");
    }
  }

  Path directory() {
    return RUN.resolve("dualstack-lab").resolve(name);
  }

  String prefix() {
    return "dslab-" + name + "-";
  }

  /** The file that names the namespace of a host or container. */
  public Path namespace(String host) {
    return namespaces().resolve(prefix() + host);
  }

  static Path namespaces() {
    return RUN.resolve("netns");
  }

  Path cloudConfig() {
    return directory().resolve("cloud-config.yml");
  }

  Path manifest() {
    return directory().resolve("manifest.yml");
  }

  Path apps() {
    return directory().resolve("apps.json");
  }

  /** Where addresses and leases are kept. */
  String store() {
    return "sqlite:" + directory().resolve("foundation.db");
  }

  /** Where policies are kept. */
  String policies() {
    return "sqlite:" + directory().resolve("policies.db");
  }

  /** The records of the instances that run. */
  Path instances() {
    return directory().resolve("instances.json");
  }

  /** What HAProxy was given; not there without it. */
  Path haproxy() {
    return directory().resolve("haproxy.cfg");
  }

  /** The process that has the roles: its number, and when it started. */
  Path process() {
    return directory().resolve("process");
  }

  /** What that process says, a line for each step. */
  Path steps() {
    return directory().resolve("steps.log");
  }

  /** Why that process failed, and its log. */
  Path errors() {
    return directory().resolve("errors.log");
  }
}
