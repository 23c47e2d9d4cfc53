package io.dualstack.impl.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Bodies that are one JSON object, written as Go's encoder does. Reading forgives what Go's decoder
 * does: unknown keys, missing ones, and null.
 */
public final class JsonBody {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonBody() {}

  /** A body that is no JSON, or has a value of a wrong type. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public MalformedException(String message) {
      super(message);
    }
  }

  // Writing

  /** Returns an object without members. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Returns a value as compact JSON. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unlike the original services, this escapes the text, so that it is JSON whatever it says. */
  public static byte[] error(String text) {
    try {
      return ("{\"error\": " + MAPPER.writeValueAsString(text) + "}")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // Reading

  /** Reads a body that is an object; null counts as an empty one. */
  public static JsonNode read(byte[] body) throws MalformedException {
    JsonNode node = readAny(body);
    if (node.isNull()) {
      return MAPPER.createObjectNode();
    }
    if (!node.isObject()) {
      throw new MalformedException(
          node.isMissingNode() ? "unexpected end of JSON input" : "must be a JSON object");
    }
    return node;
  }

  /** Reads a body that is any JSON value. */
  public static JsonNode readAny(byte[] body) throws MalformedException {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new MalformedException(e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the text of an error body; the whole body if it is none. */
  public static String readError(byte[] body) {
    String error = "";
    try {
      error = text(read(body), "error");
    } catch (MalformedException e) {
      // Then it is the body.
    }
    return error.isEmpty() ? new String(body, StandardCharsets.UTF_8).strip() : error;
  }

  /** Returns a text; empty when it is absent or null. */
  public static String text(JsonNode node, String key) throws MalformedException {
    JsonNode value = node.path(key);
    if (isAbsent(value)) {
      return "";
    }
    if (!value.isTextual()) {
      throw new MalformedException(key + ": must be a string");
    }
    return value.textValue();
  }

  /** Returns a whole number; the other one when it is absent or null. */
  public static int number(JsonNode node, String key, int otherwise) throws MalformedException {
    JsonNode value = node.path(key);
    if (isAbsent(value)) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new MalformedException(key + ": must be a whole number");
    }
    return value.intValue();
  }

  /** Returns a truth value; false when it is absent or null. */
  public static boolean flag(JsonNode node, String key) throws MalformedException {
    JsonNode value = node.path(key);
    if (!isAbsent(value) && !value.isBoolean()) {
      throw new MalformedException(key + ": must be true or false");
    }
    return value.asBoolean(false);
  }

  /** Returns the elements of an array; none when it is absent or null. */
  public static List<JsonNode> array(JsonNode node, String key) throws MalformedException {
    JsonNode value = node.path(key);
    if (!isAbsent(value) && !value.isArray()) {
      throw new MalformedException(key + ": must be an array");
    }
    return StreamSupport.stream(value.spliterator(), false).toList();
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
