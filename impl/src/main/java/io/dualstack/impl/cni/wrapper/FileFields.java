package io.dualstack.impl.cni.wrapper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.config.JsonFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file with the plugin's keys; what is refused is named by its file and JSON pointer. */
public final class FileFields {
  private static final Pattern PATH = Pattern.compile("([A-Za-z0-9_.\\[\\]]+): .*", Pattern.DOTALL);

  private FileFields() {}

  /**
   * Reads a file that is one JSON object.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws InvalidConfigurationException if it is no such file, or the reader refuses a value
   */
  public static <T> T read(Path file, Function<Fields, T> reading) {
    JsonFile read = JsonFile.read(file);
    if (!(read.root() instanceof ObjectNode root)) {
      throw refused(read.source(), "", "is no JSON object; write {\"key\": value, …}");
    }
    try {
      return reading.apply(Fields.of(root, CniErrorCode.INVALID_CONFIGURATION));
    } catch (CniException e) {
      Matcher path = PATH.matcher(e.message());
      throw refused(read.source(), path.matches() ? pointer(path.group(1)) : "", e.message());
    }
  }

  private static String pointer(String path) {
    return "/" + path.replace("[", "/").replace("]", "").replace('.', '/');
  }

  private static InvalidConfigurationException refused(
      String source, String pointer, String message) {
    return new InvalidConfigurationException(
        List.of(
            new Diagnostic(Severity.ERROR, source, pointer, 0, 0, "ConfigValueInvalid", message)));
  }
}
