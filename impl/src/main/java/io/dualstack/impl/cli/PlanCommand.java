package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.Director;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack plan}. */
@Command(
    name = "plan",
    description = "Shows what apply would do, as a difference to the store. Changes nothing.",
    mixinStandardHelpOptions = true,
    footer = "dualstack plan --cloud-config cloud-config.yml --manifest cf.yml")
final class PlanCommand implements Callable<Integer> {
  @Mixin private DeploymentOptions deployment;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    DeploymentFiles files = deployment.read();
    try (Progress progress = Progress.of("planning");
        Dualstack dualstack = store.builder().build()) {
      Director director = dualstack.director();
      DeploymentPlan plan = director.plan(director.read(files));
      progress.close();
      PlanReport.print(plan, dualstack.storeLocation(), output);
    }
    return 0;
  }
}
