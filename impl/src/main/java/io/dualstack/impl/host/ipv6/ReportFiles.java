package io.dualstack.impl.host.ipv6;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the files of a report into a directory of their own, laid out as on the host. */
public final class ReportFiles {
  private ReportFiles() {}

  /**
   * Makes the directory with all the files, or not at all. Without files none is made.
   *
   * @param directory where to write; it isn't there, or is empty, so that no file of an earlier
   *     report is among those of this one
   * @throws InvalidConfigurationException if there is something in it
   * @throws UncheckedIOException if it can't be written
   */
  public static void write(Ipv6Report report, Path directory) {
    Path target = directory.toAbsolutePath().normalize();
    try {
      requireEmpty(target);
      if (report.files().isEmpty()) {
        return;
      }
      Files.createDirectories(target.getParent());
      // For its owner only: a boot loader's file may have a password in it.
      Path draft = Files.createTempDirectory(target.getParent(), ".host");
      try {
        for (Map.Entry<String, String> file : report.files().entrySet()) {
          Path path = draft.resolve(file.getKey().substring(1));
          Files.createDirectories(path.getParent());
          Files.writeString(path, file.getValue(), StandardCharsets.ISO_8859_1);
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        if (Files.exists(draft)) {
          MoreFiles.deleteRecursively(draft, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory.toString(), e);
    }
  }

  private static void requireEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> there = Files.list(directory)) {
      if (there.findAny().isEmpty()) {
        return;
      }
    }
    throw new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "out",
                "NotEmpty",
                directory + ": has files in it; name a directory that is empty or isn't there")));
  }
}
