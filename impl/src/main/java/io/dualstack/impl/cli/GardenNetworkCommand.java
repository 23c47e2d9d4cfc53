package io.dualstack.impl.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualstack garden-network}. */
@Command(
    name = "garden-network",
    description = {
      "Serves one call as garden-external-networker does for Guardian.",
      "The container is described by JSON on standard input; the answer is JSON on standard output.",
      "\"cni install DIR --plugin garden-external-networker\" makes the executable that Guardian calls."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack garden-network up --handle c1 --config adapter.json < container.json")
final class GardenNetworkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      description =
          "What to do: up or down. net-in, net-out and bulk-net-out are refused, as all travels in up.")
  private String action = "";

  @Option(
      names = "--handle",
      paramLabel = "HANDLE",
      required = true,
      description = "The container's handle.")
  private String handle = "";

  @Option(
      names = {"--config", "--configFile"},
      paramLabel = "FILE",
      required = true,
      description =
          "The configuration file, in JSON, with the original's keys; 'dualstack man garden-network' tells them.")
  private Path config = Path.of("");

  @Override
  public Integer call() {
    return PluginAnswer.print(
        spec.commandLine(), GardenCall.serve(action, handle, config, System.in));
  }
}
