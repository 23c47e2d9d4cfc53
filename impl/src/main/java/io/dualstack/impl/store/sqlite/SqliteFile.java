package io.dualstack.impl.store.sqlite;

import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file on disk: makes it, checks that it is ours before anything is written, and opens
 * connections to it.
 *
 * <p>The file is never opened by other means than SQLite's: closing any other handle would drop the
 * locks that this process's connections hold on it.
 */
public class SqliteFile {

  /** The first one that has {@code jsonb_each}. */
  private static final int OLDEST_SQLITE = 3_051;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path path;
  private final Path logPath;
  private final String location;
  private final SchemaVersions schema;

  /** Names a file and what is in it; nothing is opened yet. */
  public SqliteFile(Path path, SchemaVersions schema) {
    this.schema = schema;
    this.path = path.toAbsolutePath().normalize();
    this.logPath = this.path.resolveSibling(this.path.getFileName() + "-wal");
    this.location = SqliteLocation.SCHEME + this.path;
  }

  /** Returns the location that opens it. */
  public String location() {
    return location;
  }

  /** Returns how long to wait for other writers. */
  public Duration patience() {
    return PATIENCE;
  }

  /**
   * Makes the file if it isn't there, and brings it to the newest version.
   *
   * @throws StoreUnavailableException if it can't be made, or is somebody else's, or newer
   */
  public void prepare() {
    create();
    try {
      checkOurs();
      try (Connection connection = open("rw")) {
        checkLibrary(connection);
        bringUpToDate(connection);
        useWriteAheadLog(connection);
      }
    } catch (SQLException e) {
      throw SqliteFailures.unavailable(location, e);
    }
  }

  private void create() {
    try {
      Path folder = path.getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder, onlyForOwner("rwx------"));
      }
      Files.createFile(path, onlyForOwner("rw-------"));
      if (folder != null) {
        flushFolder(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(path)) {
        throw new StoreUnavailableException(
            location + ": is a folder; name a file in it", false, e);
      }
    } catch (IOException e) {
      throw new StoreUnavailableException(
          location + ": can't be created (" + e + "); choose a place you may write to", false, e);
    }
  }

  private FileAttribute<?>[] onlyForOwner(String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes a new name in a folder survive the loss of power, where folders can be flushed. */
  private static void flushFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; SQLite itself flushes the folder with the first commit elsewhere.
    }
  }

  /**
   * Looks at the header alone, as if nobody could write: the file's own locks, log and journal are
   * not touched, so that a file that isn't ours stays as it is.
   *
   * <p>Without the log, a file of which a process is copying the log into it, or was killed while
   * it did, has a header that tells of more pages than there are. That is no damage, so this look
   * passes over it, which SQLite does while a schema may be written; real damage is found by the
   * look that follows, with the log and under lock.
   */
  private void checkOurs() throws SQLException {
    long size = path.toFile().length();
    try (Connection connection = open("ro&immutable=1")) {
      execute(connection, "PRAGMA writable_schema = ON");
      int pages = SchemaVersions.pragma(connection, "page_count");
      // SQLite takes what is shorter than a page for an empty database, and would write over it.
      if (pages == 0 && size > 0) {
        throw noDatabase();
      }
      if (pages > 0
          && SchemaVersions.pragma(connection, "application_id") != schema.applicationId()) {
        throw foreign();
      }
    }
  }

  private StoreUnavailableException noDatabase() {
    return new StoreUnavailableException(
        location + ": is no SQLite file, and was left as it is; name another file", false, null);
  }

  private StoreUnavailableException foreign() {
    return new StoreUnavailableException(
        location
            + ": is a SQLite file of another program, and was left as it is; name another file",
        false,
        null);
  }

  private void checkLibrary(Connection connection) throws SQLException {
    String version = connection.getMetaData().getDatabaseProductVersion();
    String[] parts = version.split("\\.", -1);
    if (Integer.parseInt(parts[0]) * 1_000 + Integer.parseInt(parts[1]) < OLDEST_SQLITE) {
      throw new StoreUnavailableException(
          location
              + ": SQLite "
              + version
              + " is too old; use org.xerial:sqlite-jdbc 3.51 or newer",
          false,
          null);
    }
  }

  private void bringUpToDate(Connection connection) throws SQLException {
    execute(connection, "PRAGMA synchronous = FULL");
    // Also tells whether the file may be written at all. Whoever fails from here on closes the
    // connection, which rolls back.
    execute(connection, "BEGIN IMMEDIATE");
    if (schema.isForeign(connection)) {
      throw foreign();
    }
    int version = SchemaVersions.version(connection);
    if (version > schema.newest()) {
      throw new StoreUnavailableException(
          location
              + ": was written by a newer Dualstack (format "
              + version
              + ", this one knows "
              + schema.newest()
              + "); update Dualstack",
          false,
          null);
    }
    if (version < schema.newest()) {
      schema.migrate(connection);
    }
    execute(connection, "COMMIT");
  }

  private void useWriteAheadLog(Connection connection) throws SQLException {
    // A commit is one append and one flush, and readers neither wait nor are waited for. The mode
    // stays with the file.
    try (Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      if (!mode.next() || !mode.getString(1).toLowerCase(Locale.ROOT).equals("wal")) {
        throw new StoreUnavailableException(
            location
                + ": its file system can't share memory between processes, as network file systems"
                + " can't; choose a local disk",
            false,
            null);
      }
    }
  }

  /** Opens a connection that only reads. */
  public Connection openReader() throws SQLException {
    Connection connection = open("rw");
    try {
      execute(connection, "PRAGMA query_only = ON");
      execute(connection, "PRAGMA temp_store = MEMORY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Opens a connection that writes. It gives up at once when another one writes. */
  public Connection openWriter() throws SQLException {
    Connection connection = open("rw");
    try {
      // A commit is in the log, not on the disk: that is for flushLog, beside the next commit. The
      // log is flushed before it is copied into the file, and a new one before it is used.
      execute(connection, "PRAGMA synchronous = NORMAL");
      // On macOS, and only there, a flush stops at the drive's own memory unless told otherwise.
      execute(connection, "PRAGMA fullfsync = ON");
      execute(connection, "PRAGMA checkpoint_fullfsync = ON");
      // Enough for the upper levels of all trees at some million blocks, and the leaves in use.
      execute(connection, "PRAGMA cache_size = -32768");
      // What a statement needs to undo itself stays out of the file system.
      execute(connection, "PRAGMA temp_store = MEMORY");
      // Pages of log after which the committing caller copies them into the file. Fewer copies of
      // the same pages and fewer flushes than with the default of 1000, for 16 MB on disk.
      execute(connection, "PRAGMA wal_autocheckpoint = 4000");
      // A long read may have made the log grow; don't keep what it grew to.
      execute(connection, "PRAGMA journal_size_limit = 67108864");
      // Waiting is done in finer steps than SQLite's own.
      execute(connection, "PRAGMA busy_timeout = 0");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Returns when the disk has all that was committed before. SQLite's locks are on the file and its
   * shared memory, so that the log, alone, may be opened and closed by others.
   *
   * <p>It is opened each time, since whoever closes the last connection removes it; then all of it
   * is in the file, and flushed.
   */
  public void flushLog() throws IOException {
    try (FileChannel log = FileChannel.open(logPath, StandardOpenOption.WRITE)) {
      log.force(false);
    } catch (NoSuchFileException e) {
      // Copied into the file.
    }
  }

  /** Opens a connection by URI, which unlike a bare path has no characters with a meaning. */
  private Connection open(String mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) patience().toMillis());
    // Otherwise the driver prepares and runs a query for them behind each statement that writes.
    config.setGetGeneratedKeys(false);
    return config.createConnection("jdbc:sqlite:" + path.toUri() + "?mode=" + mode);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
