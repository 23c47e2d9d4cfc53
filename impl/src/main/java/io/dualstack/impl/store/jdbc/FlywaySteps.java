package io.dualstack.impl.store.jdbc;

import io.dualstack.StoreUnavailableException;
import java.io.Reader;
import java.io.StringReader;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Has Flyway take steps. */
final class FlywaySteps implements ResourceProvider {

  private final SchemaSteps steps;

  private FlywaySteps(SchemaSteps steps) {
    this.steps = steps;
  }

  static void take(
      SchemaSteps steps,
      String location,
      DataSource source,
      String schema,
      boolean forgetFailed,
      Consumer<FluentConfiguration> settings)
      throws SQLException {
    try {
      FluentConfiguration configuration =
          Flyway.configure(FlywaySteps.class.getClassLoader())
              .dataSource(source)
              .schemas(schema)
              .table(SchemaSteps.TABLE)
              .createSchemas(false)
              .resourceProvider(new FlywaySteps(steps))
              .javaMigrationClassProvider(List::of)
              .skipDefaultCallbacks(true)
              .placeholderReplacement(false)
              .loggers("slf4j");
      settings.accept(configuration);
      Flyway flyway = configuration.load();
      if (forgetFailed) {
        flyway.repair();
      }
      flyway.migrate();
    } catch (FlywayException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException failure) {
          throw failure;
        }
      }
      // It doesn't always say that the connection was lost, which this does.
      source.getConnection().close();
      throw new StoreUnavailableException(
          location + ": its tables can't be made: " + e.getMessage(), false, e);
    }
  }

  @Override
  public @Nullable LoadableResource getResource(String name) {
    return steps.files().contains(name) ? new File(name, steps.anchor()) : null;
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return steps.files().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> (LoadableResource) new File(name, steps.anchor()))
        .toList();
  }

  private static final class File extends LoadableResource {
    private final String name;
    private final Class<?> anchor;

    File(String name, Class<?> anchor) {
      this.name = name;
      this.anchor = anchor;
    }

    @Override
    public Reader read() {
      return new StringReader(Resources.text(anchor, name));
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
