package io.dualstack.impl.cli;

import io.dualstack.director.DeploymentFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that say what should be. */
final class DeploymentOptions {

  @Option(
      names = "--cloud-config",
      paramLabel = "FILE",
      required = true,
      description = "The BOSH cloud config.")
  private Path cloudConfig = Path.of("");

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "The BOSH deployment manifest. Without it only the networks are checked.")
  private @Nullable Path manifest;

  DeploymentFiles read() {
    return DeploymentFiles.read(cloudConfig, manifest);
  }
}
