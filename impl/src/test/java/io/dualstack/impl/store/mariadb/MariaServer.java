package io.dualstack.impl.store.mariadb;

import io.dualstack.impl.allocation.store.mariadb.MariaStoreFactory;
import io.dualstack.impl.store.CuttingProxy;
import io.dualstack.impl.store.SharedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A MariaDB server on loopback that all tests of a virtual machine share, for speed without
 * flushes; started when first asked for and stopped with the machine. Thread-safe.
 */
public final class MariaServer implements SharedServer {

  /** Empties a database, past the rules that keep what happened from being forgotten. */
  private static final List<String> RESET =
      List.of(
          "SET foreign_key_checks = 0",
          "TRUNCATE trail",
          "TRUNCATE block",
          "TRUNCATE document",
          "TRUNCATE space",
          "TRUNCATE `groups`",
          "TRUNCATE destinations",
          "TRUNCATE policies",
          "TRUNCATE security_groups",
          "UPDATE revision SET value = 0");

  private static final MariaServer SHARED = new MariaServer();

  private final MariaProcess server;
  private final Map<Path, String> databases = new HashMap<>();
  private int made;

  private MariaServer() {
    try {
      Path folder = Files.createTempDirectory("mariadb");
      server =
          MariaProcess.start(
              folder,
              "--innodb-flush-log-at-trx-commit=0",
              "--innodb-flush-method=nosync",
              "--max-connections=200",
              // Whatever others may have set: stores say for themselves what they need.
              "--sql-mode=",
              "--default-time-zone=+05:30",
              "--character-set-server=latin1");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(Path folder) {
    server.kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the server. */
  public static MariaServer shared() {
    return SHARED;
  }

  /**
   * Returns where the database of a folder is. It has all tables, and no rows when it is new; when
   * the folder has gone, another one may get it.
   */
  @Override
  public synchronized String locationOf(Path folder) {
    String known = databases.get(folder);
    if (known == null) {
      known =
          databases.keySet().stream()
              .filter(path -> !Files.exists(path))
              .findFirst()
              .map(this::emptied)
              .orElseGet(this::prepared);
      databases.put(folder, known);
    }
    return location(known);
  }

  private String emptied(Path gone) {
    String name = databases.remove(gone);
    execute(location(name), RESET.toArray(String[]::new));
    return name;
  }

  private String prepared() {
    String name = create();
    new MariaStoreFactory().open(location(name)).close();
    return name;
  }

  private String create() {
    String name = "db" + ++made;
    execute(location(""), "CREATE DATABASE " + name);
    return name;
  }

  @Override
  public synchronized String empty() {
    return location(create());
  }

  /** A query is a message that begins with a byte that says so. */
  @Override
  public CuttingProxy proxy() throws IOException {
    return new CuttingProxy(server.port(), "\u0003COMMIT");
  }

  /** Returns where a database is. */
  public String location(String name) {
    return server.location(name);
  }

  /** Returns when somebody waits for a row that somebody else has locked, or something holds. */
  public void awaitOneThatWaits(BooleanSupplier otherwise) throws SQLException {
    try (Connection connection = DriverManager.getConnection(location(""));
        Statement statement = connection.createStatement()) {
      boolean waits = otherwise.getAsBoolean();
      while (!waits) {
        try (ResultSet row =
            statement.executeQuery("SELECT count(*) FROM information_schema.innodb_lock_waits")) {
          row.next();
          waits = row.getInt(1) > 0 || otherwise.getAsBoolean();
        }
        // The engine shows what it showed to whoever asks within a tenth of a second.
        LockSupport.parkNanos(150_000_000);
      }
    }
  }

  /** Runs statements, each by itself, in one session. */
  public static void execute(String location, String... statements) {
    try (Connection connection = DriverManager.getConnection(location);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }
}
