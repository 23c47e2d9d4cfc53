package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.allocation.CopyReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack store}. */
@Command(
    name = "store",
    description = "Where allocations are kept.",
    mixinStandardHelpOptions = true,
    subcommands = {StoreCommand.Copy.class, StoreImportCommand.class})
final class StoreCommand extends CommandGroup {
  /** {@code dualstack store copy}. */
  @Command(
      name = "copy",
      description = {
        "Copies a store with its audit trail to an empty one, of whatever kind. A copy that was cut",
        "short is carried on with by the same command. What others write to the original meanwhile",
        "may not be in the copy: stop them first if they are to go on with it."
      },
      mixinStandardHelpOptions = true,
      footer =
          "dualstack store copy --from sqlite:/var/lib/cf/ips.db --to 'jdbc:postgresql://[2001:db8::5]/ips?user=cf'")
  static final class Copy implements Callable<Integer> {
    @Mixin private OutputOptions output;

    @Option(
        names = "--from",
        paramLabel = "URL",
        required = true,
        description = "The original, which stays as it is: sqlite:/path/file.")
    private String from = "";

    @Option(
        names = "--to",
        paramLabel = "URL",
        required = true,
        description = "The copy: a store that is empty, or has the beginning of this copy.")
    private String to = "";

    @Override
    public Integer call() {
      try (Progress progress = Progress.of("copying");
          Dualstack dualstack = Dualstack.builder().store(from).build()) {
        CopyReport report = dualstack.copyTo(to);
        progress.close();
        print(report);
        return 0;
      }
    }

    private void print(CopyReport report) {
      if (output.isJson()) {
        output.print(
            Json.object()
                .put("from", report.from())
                .put("to", report.to())
                .put("changed", report.changed())
                .put("revision", report.revision())
                .put("blocks", report.blocks())
                .put("documents", report.documents()));
        return;
      }
      output
          .out()
          .printf(
              "%s %s to %s (blocks: %d, documents: %d, revision: %d).%n",
              report.changed() ? "Copied" : "Nothing to do, copied already:",
              report.from(),
              report.to(),
              report.blocks(),
              report.documents(),
              report.revision());
      output.out().flush();
    }
  }
}
