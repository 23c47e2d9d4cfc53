package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.impl.report.StorePage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack report}. */
@Command(
    name = "report",
    description = {
      "Writes a page of HTML: how full each subnet is and when it will be, maps of their addresses,",
      "and who holds how much. The page needs nothing else and can be sent to others."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack report --out addresses.html")
final class ReportCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;
  @Mixin private ForecastWindow window;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write, whatever was in it.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    try (Progress progress = Progress.of("reporting");
        Dualstack dualstack = store.existing().build()) {
      StorePage page = StorePage.of(dualstack, Clock.systemUTC(), window.duration());
      write(page.html());
      progress.close();
      print(dualstack.storeLocation());
      return 0;
    }
  }

  private void write(String html) {
    try {
      Files.writeString(out, html);
    } catch (IOException e) {
      throw new UncheckedIOException(out.toString(), e);
    }
  }

  private void print(String location) {
    if (output.isJson()) {
      output.print(Json.object().put("store", location).put("report", out.toString()));
    } else {
      output.out().println(out);
      output.out().flush();
    }
  }
}
