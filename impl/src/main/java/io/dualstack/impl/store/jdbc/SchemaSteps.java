package io.dualstack.impl.store.jdbc;

import io.dualstack.StoreUnavailableException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The steps from each version of a database to the next. Flyway takes them and keeps the list of
 * those taken; it isn't even loaded where none is left to take.
 *
 * @param anchor a class beside which the files are
 * @param files the steps in their order, named as Flyway wants it
 */
public record SchemaSteps(Class<?> anchor, List<String> files) {

  /** The list of those taken; also what tells tables of ours from those of others. */
  public static final String TABLE = "dualstack_migrations";

  /** Copies the names. */
  public SchemaSteps {
    files = List.copyOf(files);
  }

  /**
   * Says whether none is left to take.
   *
   * @param version how many were taken
   * @throws StoreUnavailableException if there are more than are known here
   */
  public boolean areTaken(String location, int version) {
    if (version > files.size()) {
      throw new StoreUnavailableException(
          location
              + ": was written by a newer Dualstack (format "
              + version
              + ", this one knows "
              + files.size()
              + "); update Dualstack",
          false,
          null);
    }
    return version == files.size();
  }

  /**
   * Takes those that are left.
   *
   * @param source opens the connections by which that is done
   * @param schema where the tables are
   * @param forgetFailed whether a step that is written down as failed is taken again
   * @param settings what else Flyway is told
   */
  public void take(
      String location,
      DataSource source,
      String schema,
      boolean forgetFailed,
      Consumer<FluentConfiguration> settings)
      throws SQLException {
    FlywaySteps.take(this, location, source, schema, forgetFailed, settings);
  }
}
