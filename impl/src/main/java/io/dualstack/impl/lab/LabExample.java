package io.dualstack.impl.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a lab for who has none, in a directory that goes with this. */
public final class LabExample implements AutoCloseable {
  private static final List<String> FILES =
      List.of("cloud-config.yml", "manifest.yml", "apps.json", "security-groups.json");

  private final Path directory;

  private LabExample(Path directory) {
    this.directory = directory;
  }

  /** Writes them. */
  public static LabExample open() {
    try {
      Path directory = Files.createTempDirectory("dualstack-lab");
      for (String file : FILES) {
        try (InputStream content = LabExample.class.getResourceAsStream("example/" + file)) {
          if (content == null) {
            throw new IllegalStateException(file + ": is missing in the jar");
          }
          long size = Files.copy(content, directory.resolve(file));
          assert size > 0;
        }
      }
      return new LabExample(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("the example of a lab", e);
    }
  }

  public Path cloudConfig() {
    return directory.resolve("cloud-config.yml");
  }

  public Path manifest() {
    return directory.resolve("manifest.yml");
  }

  public Path apps() {
    return directory.resolve("apps.json");
  }

  @Override
  public void close() {
    try {
      for (String file : FILES) {
        Files.deleteIfExists(directory.resolve(file));
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory.toString(), e);
    }
  }
}
