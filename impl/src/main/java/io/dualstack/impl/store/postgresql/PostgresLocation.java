package io.dualstack.impl.store.postgresql;

import io.dualstack.impl.store.Locations;
import io.dualstack.impl.store.OptionalLibrary;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Locations {@code jdbc:postgresql://host[:port]/database}, with the driver's own parameters behind
 * a question mark; IPv6 addresses in brackets. Several hosts may be named, separated by commas.
 *
 * <p>The parameter {@code currentSchema} names the schema, {@value #DEFAULT_SCHEMA} by default.
 */
public final class PostgresLocation {

  /** What all of them start with. */
  public static final String SCHEME = "jdbc:postgresql:";

  static final String DRIVER = "org.postgresql.Driver";
  static final String DEFAULT_SCHEMA = "dualstack";

  private static final String SCHEMA_PARAMETER = "currentSchema";

  private static final String HOST = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?";

  private static final Pattern FORM =
      Pattern.compile(SCHEME + "(//" + HOST + "(," + HOST + ")*/)?[^/?@]+([?].*)?");

  /** What needs no quotes, so that it reads the same wherever it is written. */
  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final String url;
  private final String text;
  private final String schema;

  private PostgresLocation(String url, String text, String schema) {
    this.url = url;
    this.text = text;
    this.schema = schema;
  }

  /** Says whether a location names a PostgreSQL database. */
  public static boolean accepts(String location) {
    return location.startsWith(SCHEME);
  }

  /**
   * Reads a location.
   *
   * @throws IllegalArgumentException if it isn't of the form
   * @throws io.dualstack.MissingDependencyException without the driver, the pool or the migrations
   */
  public static PostgresLocation of(String location) {
    String shown = Locations.withoutSecrets(location);
    if (!FORM.matcher(location).matches()) {
      throw new IllegalArgumentException(
          "\""
              + shown
              + "\": is no location of a database; write "
              + SCHEME
              + "//host:port/database, IPv6 addresses in brackets,"
              + " and user and password as parameters or in a password file");
    }
    OptionalLibrary.require(shown, DRIVER, "org.postgresql:postgresql");
    OptionalLibrary.require(shown, "com.zaxxer.hikari.HikariDataSource", "com.zaxxer:HikariCP");
    OptionalLibrary.require(shown, "org.flywaydb.core.Flyway", "org.flywaydb:flyway-core");
    OptionalLibrary.require(
        shown,
        "org.flywaydb.database.postgresql.PostgreSQLDatabaseType",
        "org.flywaydb:flyway-database-postgresql");
    return parse(location, shown);
  }

  private static PostgresLocation parse(String location, String shown) {
    Properties parsed = Driver.parseURL(location, null);
    if (parsed == null) {
      throw new IllegalArgumentException(
          "\"" + shown + "\": is no location that the driver reads; check host, port and names");
    }
    String schema = parsed.getProperty(SCHEMA_PARAMETER, DEFAULT_SCHEMA);
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "\""
              + shown
              + "\": "
              + SCHEMA_PARAMETER
              + "=\""
              + schema
              + "\" is not the name of one schema; use up to 63 of a-z 0-9 _");
    }
    boolean named = !schema.equals(DEFAULT_SCHEMA);
    return new PostgresLocation(
        location, named ? shown + "?" + SCHEMA_PARAMETER + "=" + schema : shown, schema);
  }

  /** Returns the URL as the driver reads it; secrets may be in it. */
  String url() {
    return url;
  }

  String schema() {
    return schema;
  }

  /** Returns what holds where the URL doesn't say otherwise. Times are in seconds. */
  Properties defaults() {
    Properties defaults = new Properties();
    defaults.setProperty(SCHEMA_PARAMETER, schema);
    defaults.setProperty("ApplicationName", "dualstack");
    defaults.setProperty("connectTimeout", "10");
    // Longer than anything waits for a lock, so that only a server that is gone takes so long.
    defaults.setProperty("socketTimeout", "60");
    defaults.setProperty("tcpKeepAlive", "true");
    return defaults;
  }

  /** Tells a source of connections where the database is, and what holds beyond that. */
  void describe(PGSimpleDataSource source) {
    source.setUrl(url);
    Properties defaults = defaults();
    try {
      for (String name : defaults.stringPropertyNames()) {
        if (source.getProperty(name) == null) {
          source.setProperty(name, defaults.getProperty(name));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the location without secrets. */
  @Override
  public String toString() {
    return text;
  }
}
