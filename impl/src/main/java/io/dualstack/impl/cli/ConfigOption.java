package io.dualstack.impl.cli;

import io.dualstack.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The configuration file of a service, and where its warnings go. */
final class ConfigOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration file, in JSON; 'dualstack man' tells its keys.")
  private Path file = Path.of("");

  @Spec(Target.MIXEE)
  private CommandSpec command;

  Path file() {
    return file;
  }

  void warn(List<Diagnostic> warnings) {
    warnings.forEach(warning -> command.commandLine().getErr().println(warning));
    command.commandLine().getErr().flush();
  }

  void say(String line) {
    command.commandLine().getOut().println(line);
    command.commandLine().getOut().flush();
  }
}
