package io.dualstack.spi.openstack.access;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The clouds of {@code clouds.yaml}: the file that {@code OS_CLIENT_CONFIG_FILE} names, else the
 * first that is there of {@code ./}, {@code ~/.config/openstack/} and {@code /etc/openstack/}, with
 * the secrets of {@code secure.yaml} merged in.
 */
final class CloudsFile {
  private static final String CLOUDS = "clouds";

  private final String name;
  private final Map<String, Map<String, Object>> clouds;

  private CloudsFile(String name, Map<String, Map<String, Object>> clouds) {
    this.name = name;
    this.clouds = clouds;
  }

  /** Reads the file; one without clouds if there is none. */
  static CloudsFile read(Surroundings surroundings) {
    Optional<Path> file = file(surroundings, "OS_CLIENT_CONFIG_FILE", "clouds.yaml", "clouds.yml");
    if (file.isEmpty()) {
      return new CloudsFile("clouds.yaml", Map.of());
    }
    Map<String, Map<String, Object>> clouds = new LinkedHashMap<>(clouds(file.get()));
    file(surroundings, "OS_CLIENT_SECURE_FILE", "secure.yaml", "secure.yml")
        .ifPresent(
            secure ->
                clouds(secure)
                    .forEach(
                        (cloud, more) ->
                            clouds.computeIfPresent(cloud, (name, entry) -> merged(entry, more))));
    return new CloudsFile(file.get().toString(), clouds);
  }

  private static Optional<Path> file(Surroundings surroundings, String variable, String... names) {
    String named = surroundings.environment().get(variable);
    if (named != null && !named.isBlank()) {
      Path file = surroundings.folder().resolve(named);
      if (!Files.isRegularFile(file)) {
        throw refused(variable, "\"" + named + "\": is no file; name one, or unset the variable");
      }
      return Optional.of(file);
    }
    return Stream.of(
            surroundings.folder(),
            surroundings.home().resolve(".config/openstack"),
            Path.of("/etc/openstack"))
        .flatMap(folder -> Stream.of(names).map(folder::resolve))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Map<String, Map<String, Object>> clouds(Path file) {
    Object root;
    try {
      root =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
    } catch (IOException e) {
      throw refused(file.toString(), "can't be read: " + e.getMessage());
    } catch (YamlEngineException e) {
      throw refused(file.toString(), "is no YAML: " + e.getMessage());
    }
    Map<String, Map<String, Object>> clouds = new LinkedHashMap<>();
    if (root instanceof Map<?, ?> map && map.get(CLOUDS) instanceof Map<?, ?> entries) {
      entries.forEach(
          (cloud, entry) -> {
            if (!(entry instanceof Map<?, ?> values)) {
              throw refused(file.toString(), CLOUDS + "." + cloud + ": must be a mapping");
            }
            clouds.put(String.valueOf(cloud), copy(values));
          });
    }
    return clouds;
  }

  private static Map<String, Object> copy(Map<?, ?> values) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value != null) {
            copy.put(String.valueOf(key), value);
          }
        });
    return copy;
  }

  private static Map<String, Object> merged(Map<String, Object> entry, Map<String, Object> more) {
    Map<String, Object> merged = new LinkedHashMap<>(entry);
    more.forEach(
        (key, value) ->
            merged.merge(
                key,
                value,
                (before, after) ->
                    before instanceof Map<?, ?> a && after instanceof Map<?, ?> b
                        ? merged(copy(a), copy(b))
                        : after));
    return merged;
  }

  /** The only cloud, if there is exactly one. */
  Optional<String> only() {
    return clouds.size() == 1 ? clouds.keySet().stream().findFirst() : Optional.empty();
  }

  /** The cloud's entry. */
  Map<String, Object> entry(String cloud) {
    Map<String, Object> entry = clouds.get(cloud);
    if (entry == null) {
      throw refused(
          "cloud", "\"%s\": is not in %s; use one of %s".formatted(cloud, name, clouds.keySet()));
    }
    return entry;
  }

  String name() {
    return name;
  }

  /** Reads an option of an entry. */
  static Optional<String> value(Map<String, Object> entry, AccessOption option) {
    @Nullable Object value =
        option.inAuth()
            ? entry.get("auth") instanceof Map<?, ?> auth ? auth.get(option.fileKey()) : null
            : entry.get(option.fileKey());
    if (value == null && option == AccessOption.INTERFACE) {
      value = entry.get("endpoint_type");
    }
    return Optional.ofNullable(value).map(String::valueOf);
  }

  private static InvalidConfigurationException refused(String path, String message) {
    return new InvalidConfigurationException(
        List.of(Diagnostic.error(path, "CloudsFileInvalid", message)));
  }
}
