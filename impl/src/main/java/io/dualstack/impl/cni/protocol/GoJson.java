package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** JSON files as Go programs keep them: one line, byte for byte as Go's encoder writes it. */
public final class GoJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Go's encoder escapes some characters to be safe in HTML. */
  private static final ObjectWriter WRITER = MAPPER.writer().with(new HtmlEscapes());

  private GoJson() {}

  /**
   * Reads the object that a file begins with; what follows it is passed over, as Go's decoder does.
   *
   * @return an empty object for an empty file
   * @throws IOException if it begins with anything else
   */
  public static ObjectNode read(Path file, byte[] content) throws IOException {
    if (content.length == 0) {
      return MAPPER.createObjectNode();
    }
    try {
      if (MAPPER.readTree(content) instanceof ObjectNode object) {
        return object;
      }
      throw new IOException(file + ": is no JSON object; repair or remove it");
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + ": is no JSON: " + e.getOriginalMessage() + "; repair or remove it", e);
    }
  }

  /** Returns the text, without a line end. */
  public static String text(JsonNode tree) {
    try {
      return WRITER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class HtmlEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] ascii = standardAsciiEscapesForJSON();

    HtmlEscapes() {
      for (char each : new char[] {'<', '>', '&'}) {
        ascii[each] = ESCAPE_CUSTOM;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return character == '<' || character == '>' || character == '&' || character >> 1 == 0x1014
          ? new SerializedString("\\u%04x".formatted(character))
          : null;
    }
  }
}
