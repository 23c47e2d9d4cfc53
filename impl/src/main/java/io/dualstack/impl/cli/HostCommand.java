package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.HostIpv6;
import io.dualstack.impl.host.ipv6.HostRoot;
import io.dualstack.impl.host.ipv6.Ipv6Check;
import io.dualstack.impl.host.ipv6.Ipv6Finding;
import io.dualstack.impl.host.ipv6.Ipv6Report;
import io.dualstack.impl.host.ipv6.Need;
import io.dualstack.impl.host.ipv6.ReportFiles;
import io.dualstack.impl.host.ipv6.SnapshotReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack host}. */
@Command(
    name = "host",
    description = "Whether a host's kernel and its files let it have IPv6.",
    mixinStandardHelpOptions = true,
    subcommands = {HostCommand.Check.class, HostCommand.Render.class})
final class HostCommand extends CommandGroup {

  /** Which host, and what it is for. */
  private static final class Subject {
    @Option(
        names = "--root",
        paramLabel = "DIR",
        defaultValue = "/",
        description = "The host's root: / for this machine, or that of a mounted image.")
    private Path root = Path.of("/");

    @Option(
        names = "--cell",
        description = "Also what a cell needs: that packets are passed on, and routers heard.")
    private boolean cell;

    Ipv6Report report() {
      return Ipv6Check.of(
          new SnapshotReader(new HostRoot(root)).read(), cell ? Need.CELL : Need.ADDRESSES);
    }
  }

  /** {@code dualstack host check}. */
  @Command(
      name = "check",
      description = {
        "Shows what keeps a host from IPv6, or will after its next start. Changes nothing.",
        "Exit code 1 if there is anything."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack host check --root /mnt/image --cell")
  static final class Check implements Callable<Integer> {
    @Mixin private Subject subject;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      Ipv6Report report = subject.report();
      if (output.isJson()) {
        output.print(json(report));
      } else {
        print(report, output.out());
        output.out().flush();
      }
      return report.isRight() ? 0 : 1;
    }
  }

  /** {@code dualstack host render}. */
  @Command(
      name = "render",
      description = {
        "Writes the files that make a host have IPv6 into a directory, and says what to do with"
            + " them.",
        "Changes nothing else. Where nothing is wrong, nothing is written."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack host render --root /mnt/image --out files")
  static final class Render implements Callable<Integer> {
    @Mixin private Subject subject;
    @Mixin private OutputOptions output;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Where to write; it is made, or is empty.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
      Ipv6Report report = subject.report();
      ReportFiles.write(report, out);
      if (output.isJson()) {
        output.print(json(report).put("out", out.toString()));
      } else {
        PrintWriter printer = output.out();
        print(report, printer);
        printSteps(report, printer);
        printer.flush();
      }
      return 0;
    }

    private void printSteps(Ipv6Report report, PrintWriter printer) {
      if (report.isRight()) {
        return;
      }
      printer.println();
      if (report.files().isEmpty()) {
        printer.println("No file has to change.");
      } else {
        report.files().keySet().forEach(path -> printer.println("written: " + out + path));
        printer.println("do: cp -R " + out + "/. " + subject.root);
      }
      String where = report.running() == null ? "do in the image: " : "do: ";
      report.commands().forEach(command -> printer.println(where + String.join(" ", command)));
      printer.println(
          report.reboot()
              ? "do: reboot. The kernel that runs can't be given IPv6."
              : "No reboot is needed.");
    }
  }

  private static void print(Ipv6Report report, PrintWriter out) {
    HostIpv6 running = report.running();
    out.println(
        running == null
            ? "kernel: none runs here"
            : "kernel: " + Json.word(running.state()) + ": " + running.reason());
    if (report.isRight()) {
      out.println("Nothing keeps this host from IPv6.");
      return;
    }
    out.println();
    Table table = new Table("WHERE", "IS", "SHOULD BE", "WHY");
    for (Ipv6Finding finding : report.findings()) {
      table.row(finding.where(), finding.what(), finding.right(), finding.why());
    }
    table.print(out);
  }

  private static ObjectNode json(Ipv6Report report) {
    ObjectNode node = Json.object();
    HostIpv6 running = report.running();
    putKernel(node, running);
    ArrayNode findings = node.putArray("findings");
    for (Ipv6Finding finding : report.findings()) {
      findings
          .addObject()
          .put("where", finding.where())
          .put("is", finding.what())
          .put("should_be", finding.right())
          .put("why", finding.why());
    }
    ArrayNode files = node.putArray("files");
    report.files().keySet().forEach(files::add);
    ArrayNode commands = node.putArray("commands");
    for (List<String> command : report.commands()) {
      ArrayNode words = commands.addArray();
      command.forEach(words::add);
    }
    return node.put("reboot", report.reboot());
  }

  private static void putKernel(ObjectNode node, @Nullable HostIpv6 running) {
    if (running == null) {
      node.putNull("kernel");
    } else {
      node.putObject("kernel")
          .put("state", Json.word(running.state()))
          .put("reason", running.reason());
    }
  }
}
