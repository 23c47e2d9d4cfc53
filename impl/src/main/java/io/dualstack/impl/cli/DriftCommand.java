package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dualstack.Dualstack;
import io.dualstack.director.Director;
import io.dualstack.director.Drift;
import io.dualstack.director.DriftReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack drift}. */
@Command(
    name = "drift",
    description = {
      "Shows where the infrastructure differs from the store, and how that is repaired.",
      "Exit code 1 if it does."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack drift --deployment cf --repair")
final class DriftCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(
      names = "--deployment",
      paramLabel = "NAME",
      required = true,
      description = "The deployment.")
  private String deployment = "";

  @Option(
      names = "--repair",
      description =
          "Detaches the NICs that nobody in the store has, and shows what is left for apply.")
  private boolean repair;

  @Override
  public Integer call() {
    try (Progress progress = Progress.of("comparing");
        Dualstack dualstack = store.existing().build()) {
      Director director = dualstack.director();
      DriftReport report = repair ? director.repair(deployment) : director.drift(deployment);
      progress.close();
      print(report, dualstack.storeLocation());
      return report.drifts().isEmpty() ? 0 : 1;
    }
  }

  private void print(DriftReport report, String location) {
    if (output.isJson()) {
      var document =
          Json.object()
              .put("store", location)
              .put("deployment", report.deployment())
              .put("provider", report.provider());
      ArrayNode drifts = document.putArray("drifts");
      for (Drift drift : report.drifts()) {
        drifts
            .addObject()
            .put("instance", drift.owner().id())
            .put("difference", drift.description())
            .put("repair", repairOf(drift));
      }
      output.print(document);
      return;
    }
    output.out().println("store: " + location);
    output.out().println();
    if (report.drifts().isEmpty()) {
      output
          .out()
          .println(
              report.provider().isEmpty()
                  ? "No provider has attached anything for " + report.deployment() + "."
                  : "No difference: %s has what the store says.".formatted(report.provider()));
      output.out().flush();
      return;
    }
    Table table = new Table("INSTANCE", "DIFFERENCE", "REPAIRED BY");
    report
        .drifts()
        .forEach(drift -> table.row(drift.owner(), drift.description(), repairOf(drift)));
    table.print(output.out());
  }

  private static String repairOf(Drift drift) {
    return switch (drift.repair()) {
      case APPLY -> "apply";
      case DETACH -> "drift --repair";
    };
  }
}
