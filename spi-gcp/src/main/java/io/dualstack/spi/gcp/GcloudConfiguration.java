package io.dualstack.spi.gcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code gcloud config set} has written: sections with keys and values, in the file of the
 * configuration that is active (<a href="https://cloud.google.com/sdk/docs/configurations">gcloud
 * CLI configurations</a>). What isn't there, or can't be read, says nothing.
 */
final class GcloudConfiguration {
  private final Map<String, String> values = new HashMap<>();

  GcloudConfiguration(Map<String, String> environment, Path home) {
    String set = environment.get("CLOUDSDK_CONFIG");
    Path folder = set == null ? home.resolve(".config/gcloud") : Path.of(set);
    String name =
        Optional.ofNullable(environment.get("CLOUDSDK_ACTIVE_CONFIG_NAME"))
            .or(() -> read(folder.resolve("active_config")).map(String::strip))
            .orElse("default");
    String section = "";
    for (String line :
        read(folder.resolve("configurations/config_" + name)).orElse("").lines().toList()) {
      String text = line.strip();
      int equals = text.indexOf('=');
      if (text.startsWith("[") && text.endsWith("]")) {
        section = text.substring(1, text.length() - 1).strip();
      } else if (equals > 0 && !text.startsWith("#")) {
        values.put(
            section + "/" + text.substring(0, equals).strip(), text.substring(equals + 1).strip());
      }
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns a value; empty if there is none. */
  Optional<String> value(String section, String key) {
    return Optional.ofNullable(values.get(section + "/" + key)).filter(value -> !value.isEmpty());
  }
}
