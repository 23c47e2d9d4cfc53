package io.dualstack.spi.openstack.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options as they apply: a setting, else an environment variable, else the cloud's entry in
 * {@code clouds.yaml}. If a cloud is named, who asks comes from its entry and not from the
 * environment, so that two clouds' halves never meet.
 */
final class AccessValues {
  private static final Set<String> YES = Set.of("true", "yes", "1", "on");

  private record Value(String text, String origin) {}

  private final Map<AccessOption, Value> values = new EnumMap<>(AccessOption.class);

  private AccessValues() {}

  static AccessValues of(Map<String, String> settings, Surroundings surroundings) {
    AccessValues values = new AccessValues();
    Map<String, String> environment = surroundings.environment();
    Optional<String> cloud =
        Optional.ofNullable(settings.get("cloud"))
            .or(() -> Optional.ofNullable(environment.get("OS_CLOUD")))
            .filter(name -> !name.isBlank());
    for (AccessOption option : AccessOption.values()) {
      String setting = settings.get(option.setting());
      if (setting != null) {
        values.values.put(option, new Value(setting, option.setting()));
      } else if (cloud.isEmpty() || option.isBesideCloud()) {
        values.fromEnvironment(option, environment);
      }
    }
    if (cloud.isPresent()) {
      CloudsFile file = CloudsFile.read(surroundings);
      values.fromCloud(file, cloud.get());
    } else if (!values.has(AccessOption.AUTH_URL) && !values.has(AccessOption.ENDPOINT)) {
      CloudsFile file = CloudsFile.read(surroundings);
      file.only().ifPresent(only -> values.fromCloud(file, only));
    }
    return values;
  }

  private void fromEnvironment(AccessOption option, Map<String, String> environment) {
    for (String variable : option.variables()) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        values.put(option, new Value(value, variable));
        return;
      }
    }
    String insecure = environment.get("OS_INSECURE");
    if (option == AccessOption.VERIFY && insecure != null && YES.contains(insecure)) {
      values.put(option, new Value("false", "OS_INSECURE"));
    }
  }

  private void fromCloud(CloudsFile file, String cloud) {
    Map<String, Object> entry = file.entry(cloud);
    for (AccessOption option : AccessOption.values()) {
      CloudsFile.value(entry, option)
          .ifPresent(
              text ->
                  values.putIfAbsent(
                      option,
                      new Value(text, file.name() + ": " + cloud + "." + option.fileKey())));
    }
  }

  boolean has(AccessOption option) {
    return values.containsKey(option);
  }

  Optional<String> get(AccessOption option) {
    return Optional.ofNullable(values.get(option)).map(Value::text);
  }

  /** Where an option comes from, for messages. */
  String origin(AccessOption option) {
    Value value = values.get(option);
    return value == null ? option.setting() : value.origin();
  }
}
