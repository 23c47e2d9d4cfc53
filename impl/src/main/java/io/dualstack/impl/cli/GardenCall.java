package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import io.dualstack.impl.cni.garden.GardenAction;
import io.dualstack.impl.cni.garden.GardenConfig;
import io.dualstack.impl.cni.protocol.PluginSkeleton.Answer;
import io.dualstack.impl.kernel.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One call of the networker of Garden, with the arguments and the exit codes of the original: all
 * that goes wrong is 1, and told on standard error.
 */
final class GardenCall {
  static final String NAME = "garden-external-networker";

  /** Put before what is told, while no configuration says what else. */
  private static final String PREFIX = "cfnetworking";

  private static final Set<String> FLAGS = Set.of("action", "handle", "configFile");

  private final StringBuilder told = new StringBuilder();
  private String prefix = PREFIX;

  private GardenCall() {}

  /**
   * Serves a call as Guardian makes it.
   *
   * @param arguments {@code --action A --handle H --configFile F}, in any order; also with one
   *     hyphen, and with {@code =} before the value
   */
  static Answer serve(List<String> arguments, InputStream stdin) {
    GardenCall call = new GardenCall();
    Map<String, String> flags = new HashMap<>();
    String fault = read(arguments, flags);
    if (!fault.isEmpty()) {
      call.tell("parse args: " + fault);
      return new Answer(1, "", call.told.toString());
    }
    return call.answer(
        flags.getOrDefault("action", ""),
        flags.getOrDefault("handle", ""),
        Path.of(flags.getOrDefault("configFile", "")),
        stdin);
  }

  /** Serves a call whose arguments are known. */
  static Answer serve(String action, String handle, Path config, InputStream stdin) {
    return new GardenCall().answer(action, handle, config, stdin);
  }

  /** Reads flags as Go's library does; returns what is wrong, or an empty text. */
  private static String read(List<String> arguments, Map<String, String> flags) {
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-")) {
        return "unexpected extra args: " + argument;
      }
      String[] sides = argument.replaceFirst("^--?", "").split("=", 2);
      if (!FLAGS.contains(sides[0])) {
        return "flag provided but not defined: -%s; this is called by Guardian, people use: dualstack garden-network --help"
            .formatted(sides[0]);
      }
      if (sides.length == 1 && !rest.hasNext()) {
        return "flag needs an argument: -" + sides[0];
      }
      flags.put(sides[0], sides.length == 1 ? rest.next() : sides[1]);
    }
    return Stream.of("configFile", "handle", "action")
        .filter(flag -> flags.getOrDefault(flag, "").isEmpty())
        .findFirst()
        .map("missing required flag '%s'"::formatted)
        .orElse("");
  }

  private Answer answer(String action, String handle, Path file, InputStream stdin) {
    try {
      GardenConfig config = GardenConfig.read(file);
      prefix = config.logPrefix();
      config.warnings().forEach(warning -> tell(warning.toString()));
      String output =
          GardenAction.serve(action, handle, config, stdin, Namespace.own(), this::tell);
      return new Answer(0, output, told.toString());
    } catch (IOException | RuntimeException e) {
      Refusals.reasons(e).forEach(reason -> tell(text(reason)));
      for (Throwable each : e.getSuppressed()) {
        tell("while it was undone: " + each.getMessage());
      }
      return new Answer(1, "", told.toString());
    }
  }

  private static String text(Diagnostic reason) {
    return reason.path().isEmpty() ? reason.message() : reason.toString();
  }

  private void tell(String line) {
    told.append(prefix).append(": ").append(line).append('\n');
  }
}
