package io.dualstack.impl.cli;

import io.dualstack.impl.lab.LabExample;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a lab is to be made of: all of it or nothing. */
final class LabFiles {
  @Option(
      names = "--cloud-config",
      paramLabel = "FILE",
      required = true,
      description = "The BOSH cloud config.")
  private Path cloudConfig = Path.of("");

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      required = true,
      description = "The BOSH deployment manifest.")
  private Path manifest = Path.of("");

  @Option(
      names = "--apps",
      paramLabel = "FILE",
      required = true,
      description = "JSON with applications, their security groups and policies.")
  private Path apps = Path.of("");

  static LabFiles of(LabExample example) {
    LabFiles files = new LabFiles();
    files.cloudConfig = example.cloudConfig();
    files.manifest = example.manifest();
    files.apps = example.apps();
    return files;
  }

  Path cloudConfig() {
    return cloudConfig;
  }

  Path manifest() {
    return manifest;
  }

  Path apps() {
    return apps;
  }
}
