package io.dualstack.impl.store.mariadb;

import io.dualstack.impl.store.Locations;
import io.dualstack.impl.store.OptionalLibrary;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Locations {@code jdbc:mariadb://host[:port]/database}, with the driver's own parameters behind a
 * question mark; IPv6 addresses in brackets. Several hosts may be named, separated by commas.
 */
public final class MariaLocation {

  /** What all of them start with. */
  public static final String SCHEME = "jdbc:mariadb:";

  private static final String HOST = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?";

  /** The name of the database is one that needs no quotes, wherever it is written. */
  private static final Pattern FORM =
      Pattern.compile(
          SCHEME + "//" + HOST + "(," + HOST + ")*/(?<database>[A-Za-z0-9_]{1,64})([?].*)?");

  private final String url;
  private final String text;
  private final String database;

  private MariaLocation(String url, String text, String database) {
    this.url = url;
    this.text = text;
    this.database = database;
  }

  /** Says whether a location names a MariaDB database. */
  public static boolean accepts(String location) {
    return location.startsWith(SCHEME);
  }

  /**
   * Reads a location.
   *
   * @throws IllegalArgumentException if it isn't of the form
   * @throws io.dualstack.MissingDependencyException without the driver, the pool or the migrations
   */
  public static MariaLocation of(String location) {
    String shown = Locations.withoutSecrets(location);
    Matcher form = FORM.matcher(location);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\""
              + shown
              + "\": is no location of a database; write "
              + SCHEME
              + "//host:port/database, IPv6 addresses in brackets, the database's name of up to 64"
              + " of A-Z a-z 0-9 _, and user and password as parameters");
    }
    OptionalLibrary.require(
        shown, "org.mariadb.jdbc.Driver", "org.mariadb.jdbc:mariadb-java-client");
    OptionalLibrary.require(shown, "com.zaxxer.hikari.HikariDataSource", "com.zaxxer:HikariCP");
    OptionalLibrary.require(shown, "org.flywaydb.core.Flyway", "org.flywaydb:flyway-core");
    OptionalLibrary.require(
        shown,
        "org.flywaydb.database.mysql.mariadb.MariaDBDatabaseType",
        "org.flywaydb:flyway-mysql");
    return new MariaLocation(location, shown, form.group("database"));
  }

  /** Returns the URL as the driver reads it; secrets may be in it. */
  String url() {
    return url;
  }

  String database() {
    return database;
  }

  /** Returns what holds where the URL doesn't say otherwise. Times are in milliseconds. */
  Properties defaults() {
    Properties defaults = new Properties();
    defaults.setProperty("connectTimeout", "10000");
    // Longer than anything waits for a lock, so that only a server that is gone takes so long.
    defaults.setProperty("socketTimeout", "60000");
    for (String name : defaults.stringPropertyNames()) {
      if (url.contains("?" + name + "=") || url.contains("&" + name + "=")) {
        defaults.remove(name);
      }
    }
    return defaults;
  }

  /** Returns the location without secrets. */
  @Override
  public String toString() {
    return text;
  }
}
