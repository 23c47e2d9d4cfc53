package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Dualstack;
import io.dualstack.allocation.StoreReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack fsck}. */
@Command(
    name = "fsck",
    description = {
      "Checks that a store agrees with itself, and changes nothing: the engine's own check of its",
      "pages and rules, no overlap, no slot taken twice, an audit trail that tells of exactly the",
      "blocks that are held, networks that can be read, leases that hold what they say.",
      "Others may use the store meanwhile. Exit code 1 if anything is wrong."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack fsck --store sqlite:/var/lib/cf/ips.db")
final class FsckCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (Progress progress = Progress.of("checking");
        Dualstack dualstack = store.existing().build()) {
      StoreReport report = dualstack.check();
      progress.close();
      print(report, dualstack.storeLocation());
      return report.isSound() ? 0 : 1;
    }
  }

  private void print(StoreReport report, String location) {
    if (output.isJson()) {
      ObjectNode document =
          Json.object()
              .put("store", location)
              .put("sound", report.isSound())
              .put("revision", report.revision())
              .put("spaces", report.spaces())
              .put("blocks", report.blocks());
      document.set("findings", Json.array(report.findings().stream().map(Json::of).toList()));
      output.print(document);
      return;
    }
    output.out().println("store: " + location);
    output.out().println();
    report.findings().forEach(output.out()::println);
    output
        .out()
        .printf(
            "%s (spaces: %d, blocks: %d, revision: %d).%n",
            report.isSound() ? "The store is sound" : "The store is not sound",
            report.spaces(),
            report.blocks(),
            report.revision());
    output.out().flush();
  }
}
