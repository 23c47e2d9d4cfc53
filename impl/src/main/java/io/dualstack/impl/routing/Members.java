package io.dualstack.impl.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.RouteRefusedException;
import io.dualstack.impl.json.JsonValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, each taken once; what nobody took is left. As Go's decoder does, it
 * doesn't mind the case of keys, takes null for a missing value, and the last of two. Not
 * thread-safe.
 */
final class Members {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonValues.NODES)
          .build();

  /** What is broken when a text is no JSON, or a value is of another type. */
  static final String MALFORMED = "Malformed";

  private final String pointer;
  private final ObjectNode left;

  private Members(String pointer, ObjectNode left) {
    this.pointer = pointer;
    this.left = left;
  }

  // Reading

  /**
   * Reads a text of JSON.
   *
   * @throws RouteRefusedException if it is none
   */
  static JsonNode read(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new RouteRefusedException("", MALFORMED, "is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new RouteRefusedException("", MALFORMED, "is no JSON: " + e.getMessage());
    }
  }

  /**
   * Takes an object apart.
   *
   * @param pointer where it is
   * @throws RouteRefusedException if it is none
   */
  static Members of(String pointer, JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw new RouteRefusedException(pointer, MALFORMED, "is no JSON object; write {\"key\": …}");
    }
    return new Members(pointer, object.deepCopy());
  }

  /**
   * Returns the refusal of a member's value.
   *
   * @param message the value, what is wrong with it, and what to do
   */
  RouteRefusedException refused(String key, String rule, String message) {
    return new RouteRefusedException(pointer + "/" + key, rule, message);
  }

  private @Nullable JsonNode take(String key) {
    JsonNode found = null;
    for (String name : names(key)) {
      found = left.remove(name);
    }
    return found == null || found.isNull() ? null : found;
  }

  private List<String> names(String key) {
    if (left.has(key)) {
      return List.of(key);
    }
    List<String> names = new ArrayList<>();
    left.fieldNames()
        .forEachRemaining(
            name -> {
              if (name.equalsIgnoreCase(key)) {
                names.add(name);
              }
            });
    return names;
  }

  String text(String key) {
    JsonNode value = take(key);
    if (value != null && !value.isTextual()) {
      throw refused(key, MALFORMED, value + ": must be a string");
    }
    return value == null ? "" : value.textValue();
  }

  int number(String key, int min, int max) {
    return (int) longNumber(key, min, max);
  }

  long longNumber(String key, long min, long max) {
    Long value = longNumberOrNull(key, min, max);
    return value == null ? 0 : value;
  }

  @Nullable Long longNumberOrNull(String key, long min, long max) {
    JsonNode value = take(key);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw refused(
          key, MALFORMED, "%s: must be a whole number from %d to %d".formatted(value, min, max));
    }
    return value.longValue();
  }

  @Nullable Integer numberOrNull(String key) {
    Long value = longNumberOrNull(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return value == null ? null : (Integer) value.intValue();
  }

  boolean flag(String key) {
    JsonNode value = take(key);
    if (value != null && !value.isBoolean()) {
      throw refused(key, MALFORMED, value + ": must be true or false");
    }
    return value != null && value.booleanValue();
  }

  List<String> texts(String key) {
    JsonNode value = take(key);
    List<String> texts = new ArrayList<>();
    if (value != null) {
      if (!value.isArray()) {
        throw refused(key, MALFORMED, value + ": must be an array of strings");
      }
      for (JsonNode element : value) {
        texts.add(textOf(key + "/" + texts.size(), element));
      }
    }
    return texts;
  }

  Map<String, String> textMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(key)
        .properties()
        .forEach(
            member ->
                texts.put(
                    member.getKey(),
                    textOf(key + "/" + JsonValues.escaped(member.getKey()), member.getValue())));
    return texts;
  }

  private String textOf(String key, JsonNode value) {
    if (!value.isTextual()) {
      throw refused(key, MALFORMED, value + ": must be a string");
    }
    return value.textValue();
  }

  /** Returns an object's members; none if it isn't there. */
  ObjectNode object(String key) {
    JsonNode value = take(key);
    if (value == null) {
      return JsonValues.NODES.objectNode();
    }
    if (!(value instanceof ObjectNode object)) {
      throw refused(key, MALFORMED, value + ": must be an object");
    }
    return object;
  }

  /** Returns what nobody took. */
  Map<String, @Nullable Object> others() {
    return JsonValues.of(left);
  }

  // Writing

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
