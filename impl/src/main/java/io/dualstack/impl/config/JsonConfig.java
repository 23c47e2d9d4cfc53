package io.dualstack.impl.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A configuration file that is one JSON object. Every value is named by its JSON pointer; all
 * faults are told together; keys that it may not have are warned about. Where a value is refused, a
 * stand-in is returned, so that reading goes on to the next. Not thread-safe.
 */
public final class JsonConfig {

  private final String source;
  private final String pointer;
  private final ConfigKeys keys;
  private final String place;
  private final JsonNode root;
  private final List<JsonConfig> parts = new ArrayList<>();
  private final List<Diagnostic> faults;

  /**
   * @param place what stands before the names of this object's keys
   */
  private JsonConfig(
      String source,
      String pointer,
      ConfigKeys keys,
      String place,
      JsonNode root,
      List<Diagnostic> faults) {
    this.source = source;
    this.pointer = pointer;
    this.keys = keys;
    this.place = place;
    this.root = root;
    this.faults = faults;
  }

  /**
   * Reads a file.
   *
   * @param keys all that it may have
   * @throws UncheckedIOException if it can't be read
   * @throws InvalidConfigurationException if it is no JSON object, with line and column
   */
  public static JsonConfig read(Path file, ConfigKeys keys) {
    JsonFile read = JsonFile.read(file);
    if (!read.root().isObject()) {
      throw JsonFile.refused(read.source(), null, "is no JSON object; write {\"key\": value, …}");
    }
    return new JsonConfig(read.source(), "", keys, "", read.root(), new ArrayList<>());
  }

  // Values

  private Optional<JsonNode> find(String key) {
    if (!keys.declares(place + key)) {
      throw new IllegalStateException(place + key + ": is asked for and not declared");
    }
    JsonNode node = root.path(key);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /** Returns an object in this one, read in the same way; empty when it is not there. */
  public Optional<JsonConfig> object(String key) {
    return find(key).flatMap(node -> part(key, place + key + ".", node));
  }

  /** Returns the objects of an array that may be absent or empty. */
  public List<JsonConfig> objects(String key) {
    JsonNode node = find(key).orElse(null);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      fault(key, "ConfigValueInvalid", node + ": must be an array of objects");
      return List.of();
    }
    return IntStream.range(0, node.size())
        .mapToObj(i -> part(key + "/" + i, place + key + "[].", node.get(i)))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<JsonConfig> part(String key, String inside, JsonNode node) {
    if (!node.isObject()) {
      fault(key, "ConfigValueInvalid", node + ": must be an object");
      return Optional.empty();
    }
    JsonConfig part = new JsonConfig(source, pointer + "/" + key, keys, inside, node, faults);
    parts.add(part);
    return Optional.of(part);
  }

  public boolean has(String key) {
    return find(key).isPresent();
  }

  /** Returns a text that must be there and not be empty. */
  public String text(String key) {
    return optionalText(key)
        .orElseGet(
            () -> {
              if (!isFaulty(key)) {
                fault(key, "ConfigValueMissing", "is missing; it is required");
              }
              return "";
            });
  }

  /** Returns a text; empty when it is not there or has no characters. */
  public Optional<String> optionalText(String key) {
    return find(key)
        .flatMap(
            node -> {
              if (!node.isTextual()) {
                fault(key, "ConfigValueInvalid", node + ": must be a string");
                return Optional.empty();
              }
              return node.textValue().isEmpty() ? Optional.empty() : Optional.of(node.textValue());
            });
  }

  /** Returns what is read out of a text that must be there. */
  public <T> T parsed(String key, Function<String, T> parser, T standIn) {
    String text = text(key);
    return text.isEmpty() ? standIn : parsedAt("/" + key, text, parser).orElse(standIn);
  }

  /** Returns what is read out of a text that may be absent. */
  public <T> Optional<T> optionalParsed(String key, Function<String, T> parser) {
    return optionalText(key).flatMap(text -> parsedAt("/" + key, text, parser));
  }

  /** Returns what is read out of a text, or out of each text of an array; one or more. */
  public <T> List<T> parsedList(String key, Function<String, T> parser) {
    JsonNode node = find(key).orElse(null);
    if (node == null || !node.isArray()) {
      return optionalTextOrMissing(key)
          .flatMap(text -> parsedAt("/" + key, text, parser))
          .map(List::of)
          .orElse(List.of());
    }
    if (node.isEmpty()) {
      fault(key, "ConfigValueMissing", "is empty; give one or more");
    }
    return texts(key, node)
        .flatMap(text -> parsedAt(text.getKey(), text.getValue(), parser).stream())
        .toList();
  }

  /** Returns the texts of an array that may be absent or empty. */
  public List<String> optionalTexts(String key) {
    JsonNode node = find(key).orElse(null);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      fault(key, "ConfigValueInvalid", node + ": must be an array of strings");
      return List.of();
    }
    return texts(key, node).map(Map.Entry::getValue).toList();
  }

  /** Returns the texts of an object by their keys; it may be absent. */
  public Map<String, String> optionalTextMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    find(key)
        .ifPresent(
            node -> {
              if (!node.isObject()) {
                fault(key, "ConfigValueInvalid", node + ": must be an object of strings");
              }
              node.fields()
                  .forEachRemaining(
                      field -> {
                        if (field.getValue().isTextual()) {
                          texts.put(field.getKey(), field.getValue().textValue());
                        } else {
                          fault(
                              key + "/" + field.getKey(),
                              "ConfigValueInvalid",
                              field.getValue() + ": must be a string");
                        }
                      });
            });
    return texts;
  }

  /** Returns the texts of an array by their pointers; notes a fault for each other element. */
  private Stream<Map.Entry<String, String>> texts(String key, JsonNode array) {
    return IntStream.range(0, array.size())
        .mapToObj(i -> Map.entry("/" + key + "/" + i, array.get(i)))
        .filter(
            element -> {
              if (!element.getValue().isTextual()) {
                faultAt(
                    element.getKey(),
                    "ConfigValueInvalid",
                    element.getValue() + ": must be a string");
              }
              return element.getValue().isTextual();
            })
        .map(element -> Map.entry(element.getKey(), element.getValue().textValue()));
  }

  private Optional<String> optionalTextOrMissing(String key) {
    String text = text(key);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private <T> Optional<T> parsedAt(String below, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      faultAt(below, "ConfigValueInvalid", withValue(text, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private static String withValue(String text, String message) {
    return message.contains(text) ? message : "\"" + text + "\": " + message;
  }

  /**
   * Returns where a service keeps what it knows. Ours names the store as everywhere; {@code
   * database}, of the original components, names none of our stores.
   */
  public String store() {
    boolean database = has("database");
    return optionalText("store")
        .orElseGet(
            () -> {
              fault(
                  "store",
                  "ConfigValueMissing",
                  (database
                          ? "is missing, and \"database\" names no store that is there"
                          : "is missing")
                      + "; write \"store\": \"sqlite:/path/file\","
                      + " or \"jdbc:postgresql://host/database\"");
              return "";
            });
  }

  /** Returns a whole number that must be there. */
  public int number(String key, int min, int max) {
    if (!has(key)) {
      fault(key, "ConfigValueMissing", "is missing; use a number from " + min + " to " + max);
      return min;
    }
    return number(key, min, max, min);
  }

  /** Returns a whole number. */
  public int number(String key, int min, int max, int otherwise) {
    JsonNode node = find(key).orElse(null);
    if (node == null) {
      return otherwise;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      fault(
          key,
          "ConfigValueInvalid",
          "%s: must be a whole number from %d to %d".formatted(node, min, max));
      return otherwise;
    }
    return node.intValue();
  }

  /** Returns true or false; empty when it is not there. */
  public Optional<Boolean> flag(String key) {
    return find(key)
        .flatMap(
            node -> {
              if (!node.isBoolean()) {
                fault(key, "ConfigValueInvalid", node + ": must be true or false");
                return Optional.empty();
              }
              return Optional.of(node.booleanValue());
            });
  }

  // Faults

  /** Notes that a value is refused. */
  public void fault(String key, String code, String message) {
    faultAt("/" + key, code, message);
  }

  /** At a pointer that begins in this object. */
  private void faultAt(String below, String code, String message) {
    faults.add(new Diagnostic(Severity.ERROR, source, pointer + below, 0, 0, code, message));
  }

  private boolean isFaulty(String key) {
    return faults.stream().anyMatch(fault -> fault.path().equals(pointer + "/" + key));
  }

  /**
   * Makes something of values that were read, if none of all was refused.
   *
   * @param key the key that is to blame when this refuses them together
   * @throws InvalidConfigurationException with all faults
   */
  public <T> T finish(String key, Supplier<T> making) {
    refuse();
    try {
      return making.get();
    } catch (IllegalArgumentException e) {
      fault(key, "ConfigValueInvalid", String.valueOf(e.getMessage()));
      throw new InvalidConfigurationException(faults);
    }
  }

  private void refuse() {
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
  }

  /** Returns a warning for each key that is not among those of the file, in the objects read. */
  public List<Diagnostic> warnings() {
    List<Diagnostic> warnings = new ArrayList<>();
    root.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.declares(place + key)) {
                warnings.add(
                    new Diagnostic(
                        Severity.WARNING,
                        source,
                        pointer + "/" + key.replace("~", "~0").replace("/", "~1"),
                        0,
                        0,
                        "ConfigKeyUnknown",
                        "is no key of this file; check its spelling"));
              }
            });
    parts.forEach(part -> warnings.addAll(part.warnings()));
    return warnings;
  }
}
