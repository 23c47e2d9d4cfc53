package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import io.dualstack.Dualstack;
import io.dualstack.DualstackBuilder;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.store.sqlite.SqliteLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of all commands that open the store, and the opening. */
final class StoreOptions {

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = {
        "Where allocations are kept: sqlite:/path/file, jdbc:postgresql://host/database, jdbc:mariadb://host/database or memory:.",
        "Default: dualstack/dualstack.db in the user's state directory (XDG_STATE_HOME)."
      })
  private @Nullable String store;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "A directory with one folder per provider plugin; may be repeated.")
  private List<Path> plugins = List.of();

  @Option(
      names = "--provider-setting",
      paramLabel = "PROVIDER.KEY=VALUE",
      description = "A setting of a provider; may be repeated.")
  private Map<String, String> settings = Map.of();

  /**
   * As {@link #builder()}, for commands that look at what there is: a file that is named and not
   * there is a slip, and no empty store.
   */
  DualstackBuilder existing() {
    if (store != null && SqliteLocation.accepts(store)) {
      Path file = SqliteLocation.file(store, SqliteLocation.DRIVER);
      if (!Files.exists(file)) {
        throw new InvalidConfigurationException(
            List.of(
                Diagnostic.error(
                    "--store",
                    "StoreMissing",
                    store + ": there is no such file; check the path, or leave --store out")));
      }
    }
    return builder();
  }

  DualstackBuilder builder() {
    DualstackBuilder builder = Dualstack.builder().store(location());
    plugins.forEach(builder::pluginDirectory);
    ProviderSettingsOption.byProvider(settings).forEach(builder::provider);
    return builder;
  }

  String location() {
    return store != null ? store : "sqlite:" + StateDirectory.path().resolve("dualstack.db");
  }
}
