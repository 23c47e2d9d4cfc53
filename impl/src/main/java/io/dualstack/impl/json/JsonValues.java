package io.dualstack.impl.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain values, so that no type of the JSON library is in a signature: null, Boolean,
 * String, the smallest of Integer, Long and BigInteger, BigDecimal, and unmodifiable List and Map.
 */
public final class JsonValues {

  /** Makes nodes that keep numbers digit by digit. */
  public static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private JsonValues() {}

  /** Returns the plain value of a node. */
  public static @Nullable Object of(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return of(object);
    }
    if (node instanceof ArrayNode array) {
      List<@Nullable Object> list = new ArrayList<>(array.size());
      array.forEach(element -> list.add(of(element)));
      return Collections.unmodifiableList(list);
    }
    return switch (node.getNodeType()) {
      case NULL, MISSING -> null;
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isIntegralNumber() ? node.numberValue() : node.decimalValue();
      case ARRAY, BINARY, OBJECT, POJO, STRING -> node.textValue();
    };
  }

  /** Returns the plain values of an object's members, in order. */
  public static Map<String, @Nullable Object> of(ObjectNode object) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    object.properties().forEach(member -> map.put(member.getKey(), of(member.getValue())));
    return Collections.unmodifiableMap(map);
  }

  /**
   * Returns the node of a plain value; numbers of other types are taken as well.
   *
   * @param where whose value it is, for the message
   * @throws IllegalArgumentException if it isn't one of JSON
   */
  public static JsonNode toNode(String where, @Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    } else if (value instanceof Map<?, ?> map) {
      return toNode(where, map);
    } else if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode(list.size());
      for (Object element : list) {
        array.add(toNode(where + "/" + array.size(), element));
      }
      return array;
    } else if (value instanceof String text) {
      return NODES.textNode(text);
    } else if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    } else if (value instanceof Number number) {
      return number(where, number);
    }
    throw notJson(where, value);
  }

  /** Returns the node of a map whose keys are texts. */
  public static ObjectNode toNode(String where, Map<?, ?> map) {
    ObjectNode object = NODES.objectNode();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw notJson(where, key == null ? "null as a key" : key);
          }
          object.set(name, toNode(where + "/" + escaped(name), value));
        });
    return object;
  }

  /**
   * Adds further members to an object.
   *
   * @throws IllegalArgumentException if a name, in any case, is one of those known
   */
  public static void addOthers(
      String where, Map<String, Object> others, Set<String> known, ObjectNode object) {
    others.forEach(
        (name, value) -> {
          if (known.stream().anyMatch(name::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                "%s: \"%s\" among the other keys: is a key of the format; set it by its own name"
                    .formatted(where, name));
          }
          object.set(name, toNode(where + "/" + escaped(name), value));
        });
  }

  /** Returns a key as it is written in a JSON pointer (RFC 6901). */
  public static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static JsonNode number(String where, Number number) {
    if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return NODES.numberNode(number.intValue());
    } else if (number instanceof Long) {
      return NODES.numberNode(number.longValue());
    } else if (number instanceof BigInteger big) {
      return NODES.numberNode(big);
    } else if (number instanceof BigDecimal decimal) {
      return NODES.numberNode(decimal);
    } else if ((number instanceof Double || number instanceof Float)
        && Double.isFinite(number.doubleValue())) {
      return NODES.numberNode(new BigDecimal(number.toString()));
    }
    throw notJson(where, number);
  }

  private static IllegalArgumentException notJson(String where, Object value) {
    return new IllegalArgumentException(
        "%s: %s: a %s is no value of JSON; use null, booleans, texts, finite numbers, lists, or maps with texts as keys"
            .formatted(where, value, value.getClass().getSimpleName()));
  }
}
