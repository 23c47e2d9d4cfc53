package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorts {@code PROVIDER.KEY=VALUE} options by provider. */
final class ProviderSettingsOption {

  private ProviderSettingsOption() {}

  static Map<String, Map<String, String>> byProvider(Map<String, String> options) {
    Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          if (dot < 1 || dot == key.length() - 1) {
            throw new InvalidConfigurationException(
                List.of(
                    Diagnostic.error(
                        "--provider-setting",
                        "ProviderSettingInvalid",
                        "\"" + key + "\": names no provider; write PROVIDER.KEY=VALUE")));
          }
          settings
              .computeIfAbsent(key.substring(0, dot), name -> new LinkedHashMap<>())
              .put(key.substring(dot + 1), value);
        });
    return settings;
  }
}
