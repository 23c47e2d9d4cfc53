package io.dualstack.impl.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, and where its faults go. A field that is null is one that is
 * missing, as writers of every version have it.
 *
 * @param node the object
 * @param pointer its JSON pointer
 * @param code what its faults are called
 * @param faults collects them
 */
record Fields(JsonNode node, String pointer, String code, List<Diagnostic> faults) {
  /** Keeps numbers digit by digit. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setNodeFactory(JsonValues.NODES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * Reads a document.
   *
   * @throws InvalidConfigurationException with all that is wrong
   */
  static <T> T read(String json, String code, Function<Fields, T> reader) {
    List<Diagnostic> faults = new ArrayList<>();
    Fields root = new Fields(parse(json, code), "", code, faults);
    if (!root.node.isObject()) {
      throw refused(code, "is no JSON object");
    }
    T read = reader.apply(root);
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    return read;
  }

  private static JsonNode parse(String json, String code) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw refused(code, "is no JSON: " + e.getOriginalMessage());
    }
  }

  private static InvalidConfigurationException refused(String code, String message) {
    return new InvalidConfigurationException(List.of(Diagnostic.error("", code, message)));
  }

  /** Reads the objects of a list; what {@code reader} refuses is left out, and a fault. */
  <T> List<T> each(String key, Function<Fields, T> reader) {
    JsonNode list = node.path(key);
    List<T> read = new ArrayList<>();
    if (!list.isArray() && has(key)) {
      fault(key, list + ": must be an array");
      return read;
    }
    for (int i = 0; i < list.size(); i++) {
      Fields element = new Fields(list.get(i), pointer + "/" + key + "/" + i, code, faults);
      if (element.node.isObject()) {
        element.attempt(() -> read.add(reader.apply(element)));
      } else {
        element.fault(element.node + ": is no JSON object");
      }
    }
    return read;
  }

  boolean has(String key) {
    return !node.path(key).isMissingNode() && !node.path(key).isNull();
  }

  /** Returns a text; null if there is none. */
  @Nullable String text(String key) {
    if (!has(key)) {
      return null;
    }
    if (!node.path(key).isTextual()) {
      fault(key, node.path(key) + ": must be a string");
      return null;
    }
    return node.path(key).textValue();
  }

  /** Returns a text; empty if there is none. */
  String textOrEmpty(String key) {
    String text = text(key);
    return text == null ? "" : text;
  }

  /** Returns a flag; null if there is none. */
  @Nullable Boolean flag(String key) {
    if (!has(key)) {
      return null;
    }
    if (!node.path(key).isBoolean()) {
      fault(key, node.path(key) + ": must be true or false");
    }
    return node.path(key).booleanValue();
  }

  /** Returns a whole number; 0 if there is none. */
  long number(String key, long most) {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return 0;
    }
    if (!value.isIntegralNumber()
        || value.bigIntegerValue().signum() < 0
        || value.bigIntegerValue().compareTo(BigInteger.valueOf(most)) > 0) {
      fault(key, value + ": must be a whole number from 0 to " + most);
      return 0;
    }
    return value.longValue();
  }

  /** Returns an address of a family, or of either; null if there is none or an empty text. */
  @Nullable IpAddress address(String key, @Nullable IpFamily family) {
    String text = textOrEmpty(key);
    if (text.isEmpty()) {
      return null;
    }
    return attempt(
        key,
        () -> {
          IpAddress address = IpAddress.parse(text);
          return family == null ? address : address.requireFamily(family).requireNative();
        });
  }

  /**
   * Returns the fields that aren't known, as JSON-like values. One that is known but for its case
   * is refused, as readers in Go would take it for that one.
   */
  Map<String, Object> others(Set<String> known) {
    Map<String, Object> others = new LinkedHashMap<>();
    node.properties()
        .forEach(
            field -> {
              String key = field.getKey();
              if (known.contains(key)) {
                return;
              }
              if (known.stream().anyMatch(key::equalsIgnoreCase)) {
                fault(JsonValues.escaped(key), "is a field of the format; write it in lower case");
              } else {
                others.put(key, JsonValues.of(field.getValue()));
              }
            });
    return others;
  }

  /** Notes a fault of a field. */
  void fault(String key, String message) {
    faults.add(Diagnostic.error(pointer + "/" + key, code, message));
  }

  private void fault(String message) {
    faults.add(Diagnostic.error(pointer, code, message));
  }

  private <T> @Nullable T attempt(String key, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException e) {
      fault(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** What a value refuses is told, unless that follows from a fault that was told already. */
  private void attempt(Runnable reader) {
    int before = faults.size();
    try {
      reader.run();
    } catch (IllegalArgumentException e) {
      if (faults.size() == before) {
        fault(String.valueOf(e.getMessage()));
      }
    }
  }
}
