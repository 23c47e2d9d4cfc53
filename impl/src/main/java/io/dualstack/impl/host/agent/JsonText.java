package io.dualstack.impl.host.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.impl.json.JsonValues;
import java.util.List;
import java.util.Locale;

/** Text of JSON to a tree and back, losing nothing, and always the same way. */
final class JsonText {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonValues.NODES)
          .build();

  /** Two blanks, a member or element a line, nothing inside what is empty: as jq prints. */
  private static final ObjectWriter WRITER = MAPPER.writer(printer());

  private JsonText() {}

  private static DefaultPrettyPrinter printer() {
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  /**
   * Reads a JSON object.
   *
   * @throws InvalidConfigurationException if the text is anything else
   */
  static ObjectNode parse(String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
      int column = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getColumnNr());
      throw new InvalidConfigurationException(
          List.of(
              new Diagnostic(
                  Severity.ERROR,
                  "",
                  line == 0 ? "" : "line %d, column %d".formatted(line, column),
                  line,
                  column,
                  "JsonSyntax",
                  "not JSON: %s; give one JSON object".formatted(e.getOriginalMessage()))));
    }
    if (!(root instanceof ObjectNode object)) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "", "JsonSyntax", "is %s; give one JSON object".formatted(kind(root)))));
    }
    return object;
  }

  /** Writes a tree with a line feed at the end. */
  static String print(ObjectNode object) {
    try {
      return WRITER.writeValueAsString(object) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Names a node's type for a message, with its article. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY, OBJECT -> "an " + node.getNodeType().name().toLowerCase(Locale.ROOT);
      case NULL -> "null";
      case MISSING -> "empty";
      case BINARY, BOOLEAN, NUMBER, POJO, STRING ->
          "a " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }
}
