package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.Director;
import io.dualstack.impl.director.HostFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack apply}. */
@Command(
    name = "apply",
    description = {
      "Allocates for every instance of a deployment, all or nothing, and attaches the result.",
      "A second run changes nothing; a run that was cut off is finished by the next."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack apply --cloud-config cloud-config.yml --manifest cf.yml --out hosts")
final class ApplyCommand implements Callable<Integer> {
  @Mixin private DeploymentOptions deployment;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "The network provider. Default: ${DEFAULT-VALUE}.")
  private String provider = "local";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Writes for each instance the networks hash, the agent settings and the"
              + " systemd-networkd files below this directory.")
  private @Nullable Path out;

  @Option(
      names = "--cool-down",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description =
          "How long released addresses rest before they are handed out again, such as PT1H."
              + " Default: not at all.")
  private Duration coolDown = Duration.ZERO;

  @Override
  public Integer call() {
    DeploymentFiles files = deployment.read();
    try (Progress progress = Progress.of("applying");
        Dualstack dualstack =
            store.builder().allocator(AllocatorOptions.DEFAULT.withCoolDown(coolDown)).build()) {
      Director director = dualstack.director();
      DeploymentPlan plan = director.apply(director.read(files), provider);
      if (out != null) {
        new HostFiles(dualstack.hostFormats(), out).write(plan.instances());
      }
      progress.close();
      PlanReport.print(plan, dualstack.storeLocation(), output);
    }
    return 0;
  }
}
