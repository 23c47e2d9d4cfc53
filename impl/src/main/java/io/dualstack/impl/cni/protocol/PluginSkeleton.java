package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniVersion;
import io.dualstack.cni.IpamConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The protocol around a plugin: environment, standard input, the order of checks, the codes of
 * errors, VERSION. Order and texts are those of the original library, with one difference: that the
 * namespace is not the plugin's own is checked before the work, not after it.
 */
public final class PluginSkeleton {
  /**
   * What a call answers.
   *
   * @param exitCode 0 or 1
   * @param stdout the result or the error object; may be empty
   * @param stderr a text for people; usually empty
   */
  public record Answer(int exitCode, String stdout, String stderr) {}

  private static final Set<String> ATTACHING = Set.of("ADD", "CHECK");
  private static final Set<String> WITH_CONTAINER = Set.of("ADD", "CHECK", "DEL");
  private static final Set<String> WITH_PATH = Set.of("ADD", "CHECK", "DEL", "GC", "STATUS");
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

  private final CniPlugin plugin;
  private final Path ownNamespace;

  /** Creates the skeleton of a plugin that runs in this process's namespace. */
  public PluginSkeleton(CniPlugin plugin) {
    this(plugin, Path.of("/proc/thread-self/ns/net"));
  }

  /**
   * Creates the skeleton of a plugin.
   *
   * @param ownNamespace the namespace that no container may be in
   */
  public PluginSkeleton(CniPlugin plugin, Path ownNamespace) {
    this.plugin = plugin;
    this.ownNamespace = ownNamespace;
  }

  /** Serves one call. Never throws: whatever goes wrong is an error object. */
  public Answer serve(Map<String, String> environment, InputStream stdin) {
    if (environment.getOrDefault("CNI_COMMAND", "").isEmpty()) {
      String versions =
          plugin.versions().stream().map(CniVersion::text).collect(Collectors.joining(", "));
      return new Answer(
          0, "", plugin.about() + "\nCNI protocol versions supported: " + versions + "\n");
    }
    try {
      return new Answer(0, call(environment, stdin), "");
    } catch (RuntimeException e) {
      return new Answer(1, CniJson.text(CniErrors.write(CniErrors.of(e))), "");
    }
  }

  private String call(Map<String, String> environment, InputStream stdin) {
    String command = environment.getOrDefault("CNI_COMMAND", "");
    checkEnvironment(command, environment);
    if (command.equals("VERSION")) {
      return versions();
    }
    CniConfig config = CniConfig.parse(read(stdin));
    IpamConfig.checkName(config.name());
    CniCall call =
        new CniCall(
            command,
            environment.getOrDefault("CNI_CONTAINERID", ""),
            environment.getOrDefault("CNI_NETNS", ""),
            environment.getOrDefault("CNI_IFNAME", ""),
            environment.getOrDefault("CNI_ARGS", ""),
            environment.getOrDefault("CNI_PATH", ""),
            config,
            environment);
    return dispatch(call);
  }

  private static void checkEnvironment(String command, Map<String, String> environment) {
    List<String> missing = new ArrayList<>();
    if (needs(WITH_CONTAINER, command, "CNI_CONTAINERID", environment, missing)) {
      Attachment.checkContainerId(environment.getOrDefault("CNI_CONTAINERID", ""));
    }
    note(ATTACHING, command, "CNI_NETNS", environment, missing);
    if (needs(WITH_CONTAINER, command, "CNI_IFNAME", environment, missing)) {
      Attachment.checkIfName(environment.getOrDefault("CNI_IFNAME", ""));
    }
    note(WITH_PATH, command, "CNI_PATH", environment, missing);
    if (!missing.isEmpty()) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT,
          "required env variables [%s] missing".formatted(String.join(",", missing)));
    }
  }

  private static void note(
      Set<String> commands,
      String command,
      String variable,
      Map<String, String> environment,
      List<String> missing) {
    if (commands.contains(command) && environment.getOrDefault(variable, "").isEmpty()) {
      missing.add(variable);
    }
  }

  /** Tells whether a variable is needed and there; notes it if it is needed and missing. */
  private static boolean needs(
      Set<String> commands,
      String command,
      String variable,
      Map<String, String> environment,
      List<String> missing) {
    if (!commands.contains(command)) {
      return false;
    }
    note(commands, command, variable, environment, missing);
    return !environment.getOrDefault(variable, "").isEmpty();
  }

  private static byte[] read(InputStream stdin) {
    try {
      return stdin.readAllBytes();
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.IO_FAILURE, "error reading from stdin: " + e.getMessage(), "", e);
    }
  }

  private String versions() {
    ObjectNode object = CniJson.object().put("cniVersion", CniVersion.LATEST.text());
    ArrayNode supported = object.putArray("supportedVersions");
    plugin.versions().forEach(version -> supported.add(version.text()));
    return object + "\n";
  }

  private String dispatch(CniCall call) {
    switch (call.command()) {
      case "ADD" -> {
        checkVersion(call);
        checkNamespace(call);
        return CniJson.text(ResultWriter.write(plugin.add(call), call.version()));
      }
      case "DEL" -> {
        checkVersion(call);
        checkNamespace(call);
        plugin.del(call);
      }
      case "CHECK" -> {
        checkCommandAllowed(call, CniVersion.V0_4_0);
        plugin.check(call);
      }
      case "GC" -> {
        checkCommandAllowed(call, CniVersion.V1_1_0);
        plugin.gc(call);
      }
      case "STATUS" -> {
        checkCommandAllowed(call, CniVersion.V1_1_0);
        plugin.status(call);
      }
      default ->
          throw new CniException(
              CniErrorCode.INVALID_ENVIRONMENT, "unknown CNI_COMMAND: " + call.command());
    }
    return "";
  }

  private void checkVersion(CniCall call) {
    String text = call.config().versionText();
    if (plugin.versions().stream().noneMatch(version -> version.text().equals(text))) {
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION,
          "incompatible CNI versions",
          "config is \"%s\", plugin supports [%s]"
              .formatted(
                  text,
                  plugin.versions().stream()
                      .map(version -> '"' + version.text() + '"')
                      .collect(Collectors.joining(" "))),
          null);
    }
  }

  private void checkCommandAllowed(CniCall call, CniVersion since) {
    int[] version = numbers(call.config().versionText());
    if (Arrays.compare(version, numbers(since.text())) < 0) {
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION, "config version does not allow " + call.command());
    }
    if (plugin.versions().stream()
        .noneMatch(ours -> Arrays.compare(numbers(ours.text()), version) >= 0)) {
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION, "plugin version does not allow " + call.command());
    }
    checkVersion(call);
  }

  private static int[] numbers(String version) {
    String[] parts = version.split("\\.", -1);
    int[] numbers = new int[3];
    if (parts.length > numbers.length) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE,
          "invalid version \"%s\": too many parts".formatted(version));
    }
    for (int i = 0; i < parts.length; i++) {
      if (!NUMBER.matcher(parts[i]).matches()) {
        throw new CniException(
            CniErrorCode.DECODING_FAILURE,
            "failed to convert version part \"%s\": invalid syntax".formatted(parts[i]));
      }
      numbers[i] = Integer.parseInt(parts[i]);
    }
    return numbers;
  }

  private void checkNamespace(CniCall call) {
    String override = call.environment().getOrDefault("CNI_NETNS_OVERRIDE", "");
    if (override.equalsIgnoreCase("true") || override.equals("1") || call.netns().isEmpty()) {
      return;
    }
    boolean same;
    try {
      same = Files.isSameFile(Path.of(call.netns()), ownNamespace);
    } catch (IOException | InvalidPathException e) {
      return; // A namespace that is gone is the plugin's business: DEL has to succeed.
    }
    if (same) {
      throw new CniException(
          CniErrorCode.INVALID_NAMESPACE,
          "plugin's netns and netns from CNI_NETNS should not be the same");
    }
  }
}
