package io.dualstack.impl.store.sqlite;

import io.dualstack.MissingDependencyException;
import io.dualstack.impl.store.OptionalLibrary;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Locations {@code sqlite:PATH}: one file, made if it isn't there. */
public final class SqliteLocation {

  /** What all of them start with. */
  public static final String SCHEME = "sqlite:";

  /** The class that must be there to open one. */
  public static final String DRIVER = "org.sqlite.JDBC";

  private SqliteLocation() {}

  /** Says whether a location names a SQLite file. */
  public static boolean accepts(String location) {
    return location.startsWith(SCHEME);
  }

  /**
   * Returns the file of a location.
   *
   * @param location {@code sqlite:} and a path, relative to the working directory if it doesn't
   *     begin with a slash
   * @param driver {@link #DRIVER}, but in tests
   * @throws IllegalArgumentException if there is no path in it
   * @throws MissingDependencyException without the driver
   */
  public static Path file(String location, String driver) {
    Path path = path(location);
    OptionalLibrary.require(location, driver, "org.xerial:sqlite-jdbc");
    return path;
  }

  private static Path path(String location) {
    String path = accepts(location) ? location.substring(SCHEME.length()) : "";
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + location + "\": names no file; write " + SCHEME + "/path/to/file");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "\"" + location + "\": is no path (" + e.getReason() + "); write another", e);
    }
  }
}
