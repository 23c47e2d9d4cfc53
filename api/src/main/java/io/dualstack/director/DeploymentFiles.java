package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The text of a cloud config and of a manifest, with the names to use in messages.
 *
 * @param cloudConfig the cloud config's text
 * @param cloudConfigName its file name for messages
 * @param manifest the manifest's text; null for none
 * @param manifestName its file name for messages; null for none
 */
public record DeploymentFiles(
    String cloudConfig,
    String cloudConfigName,
    @Nullable String manifest,
    @Nullable String manifestName) {

  /**
   * Checks that text and name of the manifest are given together.
   *
   * @param cloudConfig the cloud config's text
   * @param cloudConfigName its file name for messages
   * @param manifest the manifest's text
   * @param manifestName its file name for messages
   */
  public DeploymentFiles {
    requireNonNull(cloudConfig, "cloudConfig");
    requireNonNull(cloudConfigName, "cloudConfigName");
    if ((manifest == null) != (manifestName == null)) {
      throw new IllegalArgumentException("give both or none: the manifest's text and its name");
    }
  }

  /**
   * Takes texts as they are.
   *
   * @param cloudConfig the cloud config's text
   * @param manifest the manifest's text; null for none
   * @return the files
   */
  public static DeploymentFiles of(String cloudConfig, @Nullable String manifest) {
    return new DeploymentFiles(
        cloudConfig, "cloud-config", manifest, manifest == null ? null : "manifest");
  }

  /**
   * Reads files.
   *
   * @param cloudConfig the cloud config
   * @param manifest the manifest; null for none
   * @return the files
   * @throws UncheckedIOException if one can't be read; its message is the file's path
   */
  public static DeploymentFiles read(Path cloudConfig, @Nullable Path manifest) {
    return new DeploymentFiles(
        text(cloudConfig),
        cloudConfig.toString(),
        manifest == null ? null : text(manifest),
        manifest == null ? null : manifest.toString());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
