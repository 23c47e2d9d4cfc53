package io.dualstack.impl.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that is one JSON value, without a key that stands twice in an object.
 *
 * @param source the file, as it is named to people
 * @param root the value
 */
public record JsonFile(String source, JsonNode root) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Reads a file.
   *
   * @throws UncheckedIOException if it can't be read
   * @throws InvalidConfigurationException if it is no JSON, with line and column
   */
  public static JsonFile read(Path file) {
    String source = file.toString();
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(source, e);
    }
    try {
      return new JsonFile(source, MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw refused(source, e.getLocation(), "is no JSON: " + e.getOriginalMessage());
    }
  }

  static InvalidConfigurationException refused(
      String source, @Nullable JsonLocation at, String message) {
    return new InvalidConfigurationException(
        List.of(
            new Diagnostic(
                Severity.ERROR,
                source,
                "",
                at == null ? 0 : Math.max(0, at.getLineNr()),
                at == null ? 0 : Math.max(0, at.getColumnNr()),
                "ConfigNotJson",
                message)));
  }
}
