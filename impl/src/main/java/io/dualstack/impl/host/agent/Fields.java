package io.dualstack.impl.host.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, taken one by one as the agent's own reader takes them: by exact
 * name or else in any case, null and empty text standing for nothing. What nobody took is {@link
 * #rest}. A member of the wrong kind becomes a finding with its JSON pointer (RFC 6901), and counts
 * as absent. Not thread-safe.
 */
final class Fields {

  private final ObjectNode object;
  private final String pointer;
  private final Findings findings;
  private final Set<String> taken = new HashSet<>();

  Fields(ObjectNode object, String pointer, Findings findings) {
    this.object = object;
    this.pointer = pointer;
    this.findings = findings;
  }

  String pointer() {
    return pointer;
  }

  void refuse(String message) {
    findings.add(pointer, message);
  }

  void refuse(String key, String message) {
    findings.add(pointer + "/" + JsonValues.escaped(actualName(key)), message);
  }

  /** Returns a text; empty if there is none. */
  String text(String key) {
    JsonNode node = take(key);
    if (node == null) {
      return "";
    }
    if (!node.isTextual()) {
      refuse(key, unexpected(node, node.isNumber() ? "the text \"" + node + "\"" : "a text"));
      return "";
    }
    return node.textValue();
  }

  /** Returns what a text means; null if there is none or it means nothing. */
  <T> @Nullable T parsed(String key, Function<String, T> parser) {
    return parsed(key, parser, () -> null);
  }

  /** Returns what a text means, or the default if there is none; null if it means nothing. */
  <T> @Nullable T parsed(
      String key, Function<String, T> parser, Supplier<@Nullable T> defaultValue) {
    int before = findings.count();
    String text = text(key);
    if (!text.isEmpty()) {
      return parsed(pointer + "/" + JsonValues.escaped(actualName(key)), text, parser);
    }
    return findings.count() == before ? defaultValue.get() : null;
  }

  /** Returns what a text means that must be there; null if it isn't or means nothing. */
  <T> @Nullable T required(String key, String example, Function<String, T> parser) {
    return parsed(
        key,
        parser,
        () -> {
          refuse(key, "is missing; write such as \"%s\"".formatted(example));
          return null;
        });
  }

  /** Returns what the texts of a list mean, without those that mean nothing. */
  <T> List<T> listOf(String key, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    forEachOf(
        key,
        (where, element) -> {
          if (element.isTextual()) {
            T value = parsed(where, element.textValue(), parser);
            if (value != null) {
              values.add(value);
            }
          } else {
            findings.add(where, unexpected(element, "a text"));
          }
        });
    return values;
  }

  /** Returns the objects of a list. */
  List<Fields> objectsOf(String key) {
    List<Fields> values = new ArrayList<>();
    forEachOf(
        key,
        (where, element) -> {
          if (element instanceof ObjectNode part) {
            values.add(new Fields(part, where, findings));
          } else {
            findings.add(where, unexpected(element, "an object"));
          }
        });
    return values;
  }

  /** Returns a flag; false if there is none. */
  boolean flag(String key) {
    JsonNode node = take(key);
    if (node != null && !node.isBoolean()) {
      refuse(key, unexpected(node, "true or false"));
      return false;
    }
    return node != null && node.booleanValue();
  }

  /** Returns a whole number written as a text or a number; null if there is none. */
  @Nullable Integer number(String key) {
    JsonNode node = take(key);
    if (node == null || (node.isTextual() && node.textValue().isEmpty())) {
      return null;
    }
    String text = node.isTextual() ? node.textValue() : node.toString();
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      refuse(key, unexpected(node, "a whole number as a text, such as \"1\""));
      return null;
    }
  }

  /** Returns an object; null if there is none. */
  @Nullable Fields object(String key) {
    JsonNode node = take(key);
    if (node == null) {
      return null;
    }
    if (node instanceof ObjectNode part) {
      return new Fields(part, pointer + "/" + JsonValues.escaped(actualName(key)), findings);
    }
    refuse(key, unexpected(node, "an object"));
    return null;
  }

  /** Returns the members, each an object, by their names and in order. */
  Map<String, Fields> members() {
    Map<String, Fields> members = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            member -> {
              String where = pointer + "/" + JsonValues.escaped(member.getKey());
              if (member.getValue() instanceof ObjectNode part) {
                members.put(member.getKey(), new Fields(part, where, findings));
              } else {
                findings.add(where, unexpected(member.getValue(), "an object"));
              }
            });
    return members;
  }

  /** Returns the members that were not taken, in order, as plain values. */
  Map<String, @Nullable Object> rest() {
    return JsonValues.of(object.deepCopy().without(taken));
  }

  /** Removes a member from the document. */
  void drop(String key) {
    object.remove(actualName(key));
  }

  boolean isEmpty() {
    return object.isEmpty();
  }

  private interface Element {
    void at(String where, JsonNode element);
  }

  private void forEachOf(String key, Element action) {
    JsonNode node = take(key);
    if (node == null) {
      return;
    }
    if (!(node instanceof ArrayNode array)) {
      refuse(key, unexpected(node, "a list"));
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      action.at(
          "%s/%s/%d".formatted(pointer, JsonValues.escaped(actualName(key)), i), array.get(i));
    }
  }

  private <T> @Nullable T parsed(String where, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      findings.add(where, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable JsonNode take(String key) {
    String name = actualName(key);
    taken.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private String actualName(String key) {
    if (object.has(key)) {
      return key;
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getKey().equalsIgnoreCase(key)) {
        return member.getKey();
      }
    }
    return key;
  }

  /** Shows scalars, but not what is inside objects and lists: there may be secrets. */
  private static String unexpected(JsonNode node, String right) {
    String value = node.isContainerNode() ? "" : node + ": ";
    return "%sis %s; write %s".formatted(value, JsonText.kind(node), right);
  }
}
