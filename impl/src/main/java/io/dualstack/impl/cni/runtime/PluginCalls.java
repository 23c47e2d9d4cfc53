package io.dualstack.impl.cni.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.impl.cni.protocol.CniErrors;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Executes plugins: the call in the environment, the configuration on standard input, the answer on
 * standard output.
 */
public final class PluginCalls {
  private final Namespace host;
  private final List<Path> directories;
  private final Consumer<String> notes;

  /**
   * Executes plugins on a host.
   *
   * @param host the namespace that plugins run in
   * @param directories where plugins are looked for, in this order
   * @param notes told what plugins write to their standard error
   */
  public PluginCalls(Namespace host, List<Path> directories, Consumer<String> notes) {
    this.host = host;
    this.directories = directories;
    this.notes = notes;
  }

  /**
   * Calls a plugin and returns what it answered.
   *
   * @param place the container; null for GC and STATUS, which are about none
   * @param args {@code K=V;K=V}; may be empty
   * @throws CniException the plugin's own error, or what kept it from running
   */
  public String call(String command, ObjectNode config, @Nullable Place place, String args) {
    String type = config.path("type").asText();
    Path executable = find(type);
    Tool.Ended ended =
        Tool.end(
            host,
            List.of(executable.toString()),
            environment(command, place, args),
            config.toString());
    ended.errors().lines().forEach(line -> notes.accept(type + ": " + line));
    if (ended.exitCode() != 0) {
      throw failure(executable, ended);
    }
    return ended.output();
  }

  private Map<String, String> environment(String command, @Nullable Place place, String args) {
    Map<String, String> variables = new HashMap<>();
    variables.put("CNI_COMMAND", command);
    variables.put("CNI_PATH", path(":"));
    variables.put("CNI_ARGS", args);
    if (place != null) {
      variables.put("CNI_CONTAINERID", place.attachment().containerId());
      variables.put("CNI_NETNS", place.netns().toString());
      variables.put("CNI_IFNAME", place.attachment().ifName());
    }
    return variables;
  }

  private Path find(String type) {
    if (type.contains("/") || type.equals(".") || type.equals("..")) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "type: " + type + ": is no name of an executable; give the name of a plugin");
    }
    return directories.stream()
        .map(directory -> directory.resolve(type))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new CniException(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "type: %s: is not in %s; install the plugin there"
                        .formatted(type, path(", "))));
  }

  private String path(String separator) {
    return directories.stream().map(Path::toString).collect(Collectors.joining(separator));
  }

  private static CniException failure(Path executable, Tool.Ended ended) {
    try {
      return CniErrors.read(
          CniJson.parse("error of " + executable, ended.output().getBytes(StandardCharsets.UTF_8)));
    } catch (CniException noErrorObject) {
      String said = ended.output().strip();
      return new CniException(
          CniErrorCode.INTERNAL,
          "ended with exit code " + ended.exitCode() + " and without an error object",
          said.isEmpty() ? "" : "it said: " + said,
          noErrorObject);
    }
  }
}
