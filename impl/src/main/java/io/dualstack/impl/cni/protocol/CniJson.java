package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Text of JSON to a tree and back, as the plugins print it. */
public final class CniJson {
  static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(NODES)
          .build();

  /** Four blanks, no line end at the end: what the plugins' own library prints. */
  private static final ObjectWriter WRITER = MAPPER.writer(printer());

  private CniJson() {}

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""))
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  /**
   * Reads an object.
   *
   * @throws CniException with {@link CniErrorCode#DECODING_FAILURE} if the text is anything else
   */
  public static ObjectNode parse(String what, byte[] text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw undecodable(what, e.getOriginalMessage() + at(e));
    } catch (IOException e) {
      throw undecodable(what, String.valueOf(e.getMessage()));
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw undecodable(
        what, node.isMissingNode() ? "unexpected end of JSON input" : "is no JSON object");
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  static CniException undecodable(String what, String why) {
    return new CniException(
        CniErrorCode.DECODING_FAILURE,
        "error unmarshall " + what + ": " + why.lines().findFirst().orElse(""));
  }

  /** Returns the text of an object: indented by four blanks, no line end at the end. */
  public static String text(ObjectNode object) {
    try {
      return WRITER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns an empty object. */
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /** Returns the members that are not among the known ones, as plain values. */
  static Map<String, Object> others(ObjectNode object, Set<String> known) {
    Map<String, Object> others = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            member -> {
              if (!known.contains(member.getKey())) {
                others.put(member.getKey(), plain(member.getValue()));
              }
            });
    return others;
  }

  private static Object plain(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }

  /** Adds members that are kept as plain values, without replacing any. */
  static void addOthers(ObjectNode object, Map<String, Object> others) {
    others.forEach(
        (key, value) -> {
          if (!object.has(key)) {
            JsonNode node = MAPPER.valueToTree(value);
            object.set(key, node);
          }
        });
  }
}
