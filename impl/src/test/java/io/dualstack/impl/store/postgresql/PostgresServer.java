package io.dualstack.impl.store.postgresql;

import io.dualstack.impl.allocation.store.postgresql.PostgresStoreFactory;
import io.dualstack.impl.store.CuttingProxy;
import io.dualstack.impl.store.SharedServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A PostgreSQL server on loopback that all tests of a virtual machine share, for speed without
 * flushes; started when first asked for and stopped with the machine. Thread-safe.
 */
public final class PostgresServer implements SharedServer {

  private static final String TEMPLATE = "dualstack_template";

  /** Empties a database, past the rules that keep what happened from being forgotten. */
  private static final String RESET =
      """
      SET session_replication_role = replica;
      SET search_path = dualstack;
      DO $$
      DECLARE
        part regclass;
      BEGIN
        FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'block'::regclass LOOP
          EXECUTE 'DROP TABLE ' || part;
        END LOOP;
      END
      $$;
      TRUNCATE space, trail, document RESTART IDENTITY;
      TRUNCATE groups, destinations, policies, security_groups RESTART IDENTITY;
      UPDATE revision SET value = 0;
      """;

  private static final PostgresServer SHARED = new PostgresServer();

  private final EmbeddedPostgres server;
  private final Map<Path, String> databases = new HashMap<>();
  private int made;

  private PostgresServer() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setServerConfig("listen_addresses", "127.0.0.1,::1")
              .setServerConfig("max_connections", "200")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    execute("postgres", "CREATE DATABASE " + TEMPLATE);
    new PostgresStoreFactory().open(location(TEMPLATE)).close();
  }

  /** Returns the server. */
  public static PostgresServer shared() {
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
              .orElseGet(this::copied);
      databases.put(folder, known);
    }
    return location(known);
  }

  private String emptied(Path gone) {
    String name = databases.remove(gone);
    execute(name, RESET);
    return name;
  }

  private String copied() {
    String name = "db" + ++made;
    execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return name;
  }

  /**
   * Returns where a new database is that has nothing in it.
   *
   * @param options what its making is told beyond its name
   */
  public synchronized String empty(String options) {
    String name = "empty" + ++made;
    execute("postgres", "CREATE DATABASE " + name + " " + options);
    return location(name);
  }

  @Override
  public String empty() {
    return empty("");
  }

  @Override
  public CuttingProxy proxy() throws IOException {
    return new CuttingProxy(server.getPort(), "COMMIT");
  }

  /** Without prepared statements, so that the proxy sees what is committed. */
  @Override
  public String through(CuttingProxy proxy, String location) {
    return SharedServer.super.through(proxy, location) + "&prepareThreshold=0";
  }

  /** Returns where a database is. */
  public String location(String name) {
    return "jdbc:postgresql://[::1]:" + server.getPort() + "/" + name + "?user=postgres";
  }

  private void execute(String database, String sql) {
    try (Connection connection = DriverManager.getConnection(location(database));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
