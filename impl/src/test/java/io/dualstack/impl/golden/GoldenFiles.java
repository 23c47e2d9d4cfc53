package io.dualstack.impl.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files that hold a format as it must stay, byte for byte, under {@code src/test/resources/golden}.
 *
 * <p>A difference fails and is shown. With {@code -Dgolden.update} the files are written anew, and
 * the test fails all the same: whoever changes a format reads the change and runs the tests again.
 */
public final class GoldenFiles {

  private static final Path ROOT = Path.of("src", "test", "resources", "golden");

  private final Path directory;
  private final boolean update;

  GoldenFiles(Path directory, boolean update) {
    this.directory = directory;
    this.update = update;
  }

  /**
   * Returns the golden files of one case.
   *
   * @param name the directory's name below the root, such as {@code host/ipv4-manual}
   */
  public static GoldenFiles of(String name) {
    return new GoldenFiles(ROOT.resolve(name), System.getProperty("golden.update") != null);
  }

  /** Reads one of the files. */
  public String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the directory has exactly these files with exactly this content. */
  public void assertMatch(Map<String, String> actual) {
    Map<String, String> golden = readAll();
    StringBuilder differences = new StringBuilder();
    Stream.concat(golden.keySet().stream(), actual.keySet().stream())
        .distinct()
        .sorted()
        .forEach(file -> differences.append(compare(file, golden.get(file), actual.get(file))));
    if (differences.isEmpty()) {
      return;
    }
    if (update) {
      write(actual);
      throw new AssertionError(
          "golden files were written anew; read the change, then run again without -Dgolden.update\n"
              + differences);
    }
    throw new AssertionError("differs from the golden files (- golden, + now)\n" + differences);
  }

  private String compare(String file, String golden, String actual) {
    if (golden != null && golden.equals(actual)) {
      return "";
    }
    String title = directory.resolve(file) + (golden == null ? " is new" : "");
    title += actual == null ? " is gone" : "";
    return title + "\n" + LineDiff.of(golden == null ? "" : golden, actual == null ? "" : actual);
  }

  private Map<String, String> readAll() {
    if (!Files.isDirectory(directory)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toMap(name -> name, this::read, (a, b) -> a, TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Map<String, String> files) {
    try {
      Files.createDirectories(directory);
      for (String stale : readAll().keySet()) {
        if (!files.containsKey(stale)) {
          Files.delete(directory.resolve(stale));
        }
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
