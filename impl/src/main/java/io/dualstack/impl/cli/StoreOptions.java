package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.DualstackBuilder;
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
