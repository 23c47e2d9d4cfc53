package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.MissingDependencyException;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens {@code sqlite:PATH}: one file, made if it isn't there. */
public final class SqliteStoreFactory implements AllocationStoreFactory {

  static final String SCHEME = "sqlite:";

  private static final String DRIVER = "org.sqlite.JDBC";

  /** For {@link java.util.ServiceLoader}. */
  public SqliteStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return location.startsWith(SCHEME);
  }

  /**
   * Opens a file.
   *
   * @param location {@code sqlite:} and a path, relative to the working directory if it doesn't
   *     begin with a slash
   * @return the open store
   * @throws IllegalArgumentException if there is no path in it
   */
  @Override
  public AllocationStore open(String location) {
    return open(location, DRIVER);
  }

  static AllocationStore open(String location, String driver) {
    Path path = path(location);
    try {
      Class.forName(driver, false, SqliteStoreFactory.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new MissingDependencyException(location, "org.xerial:sqlite-jdbc", e);
    }
    return SqliteAllocationStore.open(path);
  }

  private static Path path(String location) {
    String path = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : "";
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
