package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.firewall.BackendKind;
import io.dualstack.impl.lab.Check;
import io.dualstack.impl.lab.Lab;
import io.dualstack.impl.lab.LabChecks;
import io.dualstack.impl.lab.LabExample;
import io.dualstack.impl.lab.LabPlace;
import io.dualstack.impl.lab.LabRehearsal;
import io.dualstack.impl.lab.LabView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dualstack lab}. */
@Command(
    name = "lab",
    description = {
      "A whole foundation on this machine, in network namespaces of its own: machines, cells,",
      "containers with small servers, policies, NATS and HAProxy. Nothing else of the machine's",
      "network is touched. Wants root."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      LabCommand.Up.class,
      LabCommand.Status.class,
      LabCommand.Test.class,
      LabCommand.Down.class,
      LabCommand.Serve.class
    })
final class LabCommand extends CommandGroup {

  /** Which lab. */
  static final class Name {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--name",
        defaultValue = "lab",
        paramLabel = "NAME",
        description = "Which one, where there are several; up to 12 letters and digits ('lab').")
    private String name = "lab";

    Lab lab() {
      try {
        return new Lab(new LabPlace(name));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--name: " + e.getMessage());
      }
    }
  }

  private static void requireRoot() {
    if (!isRoot()) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "",
                  "LabNotRoot",
                  "network namespaces are made by root alone; run it with sudo")));
    }
  }

  static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code dualstack lab up}. */
  @Command(
      name = "up",
      description = {
        "Makes the foundation and leaves it running. Without files it is an example: two cells, a",
        "router, a control plane and five instances of three applications. Who isn't root is shown",
        "what would be made, down to the rules of each cell."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack lab up --test")
  static final class Up implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Name name;
    @Mixin private OutputOptions output;

    @ArgGroup(exclusive = false)
    private @Nullable LabFiles files;

    @Option(
        names = "--backend",
        defaultValue = "nftables",
        paramLabel = "NAME",
        description = "What enforces the firewall: nftables or iptables ('nftables').")
    private BackendKind backend = BackendKind.NFTABLES;

    @Option(names = "--test", description = "Then try who reaches whom, as 'lab test' does.")
    private boolean tested;

    @Override
    public Integer call() {
      Lab lab = name.lab();
      try (LabExample example = LabExample.open()) {
        LabFiles given = files == null ? LabFiles.of(example) : files;
        if (!isRoot()) {
          rehearse(lab, given);
          return 0;
        }
        refuseIfUp(lab);
        warn(lab.prepare(given.cloudConfig(), given.manifest(), given.apps()));
      }
      start(lab);
      return tested ? test(lab, output) : up(lab);
    }

    private int up(Lab lab) {
      if (output.isJson()) {
        output.print(Json.object().put("lab", lab.place().name()).put("up", true));
      }
      return 0;
    }

    private void warn(List<Diagnostic> warnings) {
      warnings.forEach(spec.commandLine().getErr()::println);
      spec.commandLine().getErr().flush();
    }

    private void rehearse(Lab lab, LabFiles given) {
      LabRehearsal rehearsal =
          LabRehearsal.of(
              lab.place(), given.cloudConfig(), given.manifest(), given.apps(), backend);
      warn(rehearsal.view().plan().apps().warnings());
      spec.commandLine()
          .getErr()
          .println(
              "Not root, so nothing is made: this is what would be, and what the kernel would be"
                  + " told.");
      spec.commandLine().getErr().flush();
      if (output.isJson()) {
        output.print(json(rehearsal));
        return;
      }
      for (LabRehearsal.Input each : rehearsal.inputs()) {
        output
            .out()
            .printf("# in %s: %s%n", each.namespace(), String.join(" ", each.input().command()));
        output.out().println(each.input().text());
      }
      new LabStatus(rehearsal.view()).print(output.out());
      output.out().println();
      LabMatrix.printExpected(LabChecks.of(rehearsal.view(), true), output.out());
    }

    private static ObjectNode json(LabRehearsal rehearsal) {
      ObjectNode document = Json.object().put("up", false);
      ArrayNode inputs = document.putArray("inputs");
      for (LabRehearsal.Input each : rehearsal.inputs()) {
        ObjectNode input = inputs.addObject().put("namespace", each.namespace().toString());
        ArrayNode command = input.putArray("command");
        each.input().command().forEach(command::add);
        input.put("input", each.input().text());
      }
      return document;
    }

    private void start(Lab lab) {
      Consumer<String> steps = new Steps(output.isJson() ? null : output.out());
      boolean up = false;
      try (Progress progress = Progress.of("starting")) {
        lab.makeNetwork(steps);
        lab.start(serving(lab), steps);
        up = true;
      } finally {
        if (!up) {
          lab.down(step -> {});
        }
      }
    }

    private static void refuseIfUp(Lab lab) {
      if (lab.process().isPresent()) {
        throw new InvalidConfigurationException(
            List.of(
                Diagnostic.error(
                    "",
                    "LabUp",
                    "lab \"%s\" is up already; take it down first, or give another --name"
                        .formatted(lab.place().name()))));
      }
      if (lab.exists()) {
        lab.down(step -> {});
      }
    }

    /** This program again, in a session of its own, so that it outlives the terminal. */
    private List<String> serving(Lab lab) {
      List<String> command = new ArrayList<>();
      command.add("setsid");
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:+UseSerialGC");
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(Main.class.getName());
      command.addAll(List.of("lab", "serve", "--name", lab.place().name()));
      command.addAll(List.of("--backend", backend.label()));
      return command;
    }
  }

  /** Tells each step with the seconds since the first. */
  private static final class Steps implements Consumer<String> {
    private final @Nullable PrintWriter out;
    private final long start = System.nanoTime();

    Steps(@Nullable PrintWriter out) {
      this.out = out;
    }

    @Override
    public void accept(String step) {
      if (out != null) {
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
        out.printf("%6.1f s  %s%n", seconds, step);
        out.flush();
      }
    }
  }

  /** {@code dualstack lab serve}: what {@code up} leaves running. */
  @Command(
      name = "serve",
      hidden = true,
      description = "Has all roles of a lab, until it is asked to end.",
      mixinStandardHelpOptions = true)
  static final class Serve implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Name name;

    @Option(names = "--backend", defaultValue = "nftables", description = "What enforces rules.")
    private BackendKind backend = BackendKind.NFTABLES;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      try (Termination termination = new Termination();
          AutoCloseable roles = name.lab().serve(backend, step -> say(out, step))) {
        assert roles != null;
        termination.asked().join();
      }
      return 0;
    }
  }

  private static void say(PrintWriter out, String step) {
    out.println(step);
    out.flush();
  }

  /** {@code dualstack lab status}. */
  @Command(
      name = "status",
      description = "Shows the machines and instances of a lab that is up.",
      mixinStandardHelpOptions = true,
      footer = "dualstack lab status --map map.html")
  static final class Status implements Callable<Integer> {
    @Mixin private Name name;
    @Mixin private OutputOptions output;

    @Option(
        names = "--map",
        paramLabel = "FILE",
        description = "Also write maps of all addresses to this file, as a page of HTML.")
    private @Nullable Path map;

    @Override
    public Integer call() {
      requireRoot();
      Lab lab = name.lab();
      LabStatus status = new LabStatus(lab.view());
      if (map != null) {
        lab.writeMap(map);
      }
      if (output.isJson()) {
        output.print(status.json());
      } else {
        status.print(output.out());
      }
      return 0;
    }
  }

  /** {@code dualstack lab test}. */
  @Command(
      name = "test",
      description = {
        "Tries who reaches whom, by real connections between the namespaces, and shows each with",
        "the address that the server saw. Exit code 1 if anything is not as it should be."
      },
      mixinStandardHelpOptions = true,
      footer = "dualstack lab test")
  static final class Test implements Callable<Integer> {
    @Mixin private Name name;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      requireRoot();
      return test(name.lab(), output);
    }
  }

  private static int test(Lab lab, OutputOptions output) {
    LabView view = lab.view();
    List<Check.Result> results;
    try (Progress progress = Progress.of("trying")) {
      results = LabChecks.run(view);
    }
    if (output.isJson()) {
      output.print(LabMatrix.json(results));
    } else {
      LabMatrix.print(results, output.out());
    }
    return LabMatrix.isRight(results) ? 0 : 1;
  }

  /** {@code dualstack lab down}. */
  @Command(
      name = "down",
      description = "Ends a lab and removes all that it made. May be done again.",
      mixinStandardHelpOptions = true,
      footer = "dualstack lab down")
  static final class Down implements Callable<Integer> {
    @Mixin private Name name;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      requireRoot();
      Lab lab = name.lab();
      try (Progress progress = Progress.of("ending")) {
        lab.down(new Steps(output.isJson() ? null : output.out()));
      }
      if (output.isJson()) {
        output.print(Json.object().put("lab", lab.place().name()).put("up", false));
      }
      return 0;
    }
  }
}
