package io.dualstack.impl.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How far a forecast looks back. */
final class ForecastWindow {

  private static final int MOST = 3650;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--forecast-days",
      paramLabel = "DAYS",
      defaultValue = "30",
      description = "How many days forecasts look back, 1 to " + MOST + ". Default: 30.")
  private int days;

  Duration duration() {
    if (days < 1 || days > MOST) {
      throw new ParameterException(
          command.commandLine(), "--forecast-days: %d: use 1 to %d".formatted(days, MOST));
    }
    return Duration.ofDays(days);
  }
}
