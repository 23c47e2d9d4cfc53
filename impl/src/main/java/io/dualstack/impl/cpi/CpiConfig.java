package io.dualstack.impl.cpi;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the configuration file of the CPI says.
 *
 * @param store where the provider remembers what it does
 * @param plugins directories with one folder per provider plugin
 * @param settings the provider's settings
 * @param warnings what is accepted but probably not meant
 */
public record CpiConfig(
    String store, List<Path> plugins, Map<String, String> settings, List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys("store", "where the provider remembers what it does: `sqlite:/path/file`", REQUIRED),
          keys("plugins", "directories with one folder per provider plugin", "none"),
          keys("settings", "the provider's settings, all strings", "none"),
          ignored("database"));

  /** Copies the collections. */
  public CpiConfig {
    plugins = List.copyOf(plugins);
    settings = Map.copyOf(settings);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static CpiConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    String store = config.store();
    List<Path> plugins = config.optionalTexts("plugins").stream().map(Path::of).toList();
    Map<String, String> settings = config.optionalTextMap("settings");
    return config.finish(
        "settings", () -> new CpiConfig(store, plugins, settings, config.warnings()));
  }
}
