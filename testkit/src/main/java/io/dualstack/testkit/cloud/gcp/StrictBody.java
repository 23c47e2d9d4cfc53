package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request's body, of which every key must be known. */
final class StrictBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode node;

  private StrictBody(ObjectNode node) {
    this.node = node;
  }

  static StrictBody of(String text, Set<String> known) {
    try {
      if (JSON.readTree(text) instanceof ObjectNode node) {
        return of(node, known);
      }
    } catch (JsonProcessingException e) {
      throw new Refusal(400, "parseError", "Parse Error: " + e.getOriginalMessage());
    }
    throw new Refusal(400, "required", "Required field 'resource' not specified");
  }

  private static StrictBody of(ObjectNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new Refusal(
                    400,
                    "invalid",
                    "Invalid JSON payload received. Unknown name \"%s\": Cannot find field."
                        .formatted(name));
              }
            });
    return new StrictBody(node);
  }

  boolean has(String key) {
    return node.has(key);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(node.get(key))
        .map(
            value -> {
              if (!value.isTextual()) {
                throw Refusal.invalid("resource." + key, value.toString(), "It must be a string.");
              }
              return value.textValue();
            });
  }

  String required(String key) {
    return text(key)
        .orElseThrow(
            () ->
                new Refusal(
                    400, "required", "Required field 'resource.%s' not specified".formatted(key)));
  }

  /** One of a few words; the first if the key is missing. */
  String word(String key, String usual, String... others) {
    String value = text(key).orElse(usual);
    if (!value.equals(usual) && !List.of(others).contains(value)) {
      throw Refusal.invalid("resource." + key, value, "It is none of the known values.");
    }
    return value;
  }

  Optional<Integer> number(String key) {
    return Optional.ofNullable(node.get(key))
        .map(
            value -> {
              if (!value.isInt()) {
                throw Refusal.invalid("resource." + key, value.toString(), "It must be a number.");
              }
              return value.intValue();
            });
  }

  List<StrictBody> objects(String key, Set<String> known) {
    JsonNode values = node.path(key);
    List<StrictBody> objects = new ArrayList<>();
    values.forEach(
        value -> {
          if (!(value instanceof ObjectNode object)) {
            throw Refusal.invalid("resource." + key, value.toString(), "It must be an object.");
          }
          objects.add(of(object, known));
        });
    return objects;
  }
}
