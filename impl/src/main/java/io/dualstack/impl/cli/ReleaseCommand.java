package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.Director;
import io.dualstack.director.InstanceId;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dualstack release}. */
@Command(
    name = "release",
    description = "Detaches and releases all that a deployment, or one instance of it, holds.",
    mixinStandardHelpOptions = true,
    footer = "dualstack release --deployment cf --instance diego_cell/0")
final class ReleaseCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;
  @Spec private CommandSpec spec;

  @Option(
      names = "--deployment",
      paramLabel = "NAME",
      required = true,
      description = "The deployment.")
  private String deployment = "";

  @Option(
      names = "--instance",
      paramLabel = "GROUP/INDEX",
      description = "One instance of it. Default: all.")
  private @Nullable String instance;

  @Option(
      names = "--cool-down",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description =
          "How long the released addresses rest before they are handed out again, such as PT1H."
              + " Default: not at all.")
  private Duration coolDown = Duration.ZERO;

  @Override
  public Integer call() {
    InstanceId one = instance == null ? null : parse(instance);
    try (Progress progress = Progress.of("releasing");
        Dualstack dualstack =
            store.existing().allocator(AllocatorOptions.DEFAULT.withCoolDown(coolDown)).build()) {
      Director director = dualstack.director();
      DeploymentPlan plan = one == null ? director.release(deployment) : director.release(one);
      progress.close();
      PlanReport.print(plan, dualstack.storeLocation(), output);
    }
    return 0;
  }

  private InstanceId parse(String text) {
    int slash = text.indexOf('/');
    try {
      return new InstanceId(
          deployment, text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--instance: \"" + text + "\" is no instance; write GROUP/INDEX, such as diego_cell/0",
          e);
    }
  }
}
